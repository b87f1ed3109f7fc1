import type { LogicalType, Nullability } from '../../core/types/index.js';
import type { Expression } from './expression.js';

/** Whether a type may be NULL. */
export type NullOf<T> = T extends { readonly nullability: infer N extends Nullability } ? N : 'not null';
/** NULL if one of two is. */
export type Either<A, B> = 'nullable' extends NullOf<A> ? 'nullable' : NullOf<B>;
/** The type of an operand. */
export type TypeOf<O> = O extends Expression<infer T> ? T : O extends null ? LogicalType<'NULL'> : unknown;
/** What a comparison gives. */
export type Bool<A, B = unknown> = LogicalType<'BOOLEAN', Either<A, B>>;
/** What a function of texts gives. */
export type Text<A> = LogicalType<'VARCHAR', NullOf<A>>;
