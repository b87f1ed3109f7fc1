import type { AnyType } from '../../../core/types/index.js';
import type { FunctionSource } from '../../functions/source.js';
import type { FunctionResolver } from '../../functions/user.js';
import type { AggregateCall, Rex, RexCall } from '../../plan/rex.js';
import { quoteText } from '../../sql/unparse/index.js';
import { readFunction, sentText, usedFields } from './javascript.js';
import { SQL_JS } from './names.js';
import { FunctionRefusal } from './refusal.js';
import { type Operand, translated } from './translate/index.js';

/** A call of a function of the user's, as Flink SQL. */
export interface FunctionCall {
  readonly text: string;
  /** What is sent as JavaScript; absent where the whole function has become SQL. */
  readonly javascript?: string;
}

/** So many characters a function may have, with what it captures. */
const MOST = 1_000_000;

/**
 * The call of a function of the user's on a cluster: as SQL where that gives exactly the same, else as JavaScript.
 *
 * @param texts the operands as Flink SQL, of the types that the function takes
 * @throws FunctionRefusal for what a cluster cannot run as this process does
 */
export function functionCall(
  functions: FunctionResolver,
  call: RexCall | AggregateCall,
  texts: readonly string[],
): FunctionCall {
  const made = functions.resolve(call.function);
  const source = made?.source;
  if (source === undefined) {
    const name = made?.name ?? call.function;
    throw new FunctionRefusal(`${name} is an aggregate function of TypeScript, and those run here alone`, {
      hint: 'compute it of the aggregates of SQL (SUM, COUNT, ...), or run the program with tableEnv()',
    });
  }
  const read = readFunction(source);
  if (source.gives === 'value') {
    const [sql] = translated(read, operandsOf(call, texts)) ?? [];
    if (sql !== undefined) return { text: sql };
  }
  const used = usedFields(read);
  const javascript = sentText(read, used);
  if (javascript.length > MOST) {
    throw new FunctionRefusal(
      `${source.label} is ${javascript.length} characters long with what it captures: at most ${MOST} are sent`,
      { hint: 'put what is large into a table, and join with it' },
    );
  }
  const given = used.map((i) => texts[i] as string);
  const parts = [quoteText(String(resultType(source))), quoteText(javascript), ...given];
  return { text: `${nameOf(source)}(${parts.join(', ')})`, javascript };
}

/** The columns that a function over rows gives, where all of it can be said in SQL. */
export function functionColumns(
  functions: FunctionResolver,
  call: RexCall,
  texts: readonly string[],
): readonly string[] | undefined {
  const source = functions.resolve(call.function)?.source;
  if (source?.gives !== 'row') return undefined;
  try {
    return translated(readFunction(source), operandsOf(call, texts));
  } catch (error) {
    // It will be said of the call itself.
    if (error instanceof FunctionRefusal) return undefined;
    throw error;
  }
}

function operandsOf({ operands }: RexCall | AggregateCall, texts: readonly string[]): Operand[] {
  return texts.map((sql, i) => {
    const given = operands[i];
    const simple = typeof given === 'object' && /^(input|correlated|field)$/.test(given.kind);
    return { sql, simple, constant: typeof given === 'object' && !readsColumn(given) };
  });
}

function readsColumn(rex: Rex): boolean {
  if (rex.kind === 'call') return rex.operands.some(readsColumn);
  return rex.kind === 'field' ? readsColumn(rex.operand) : rex.kind !== 'literal';
}

function resultType({ gives, returns }: FunctionSource): AnyType {
  return gives === 'value' ? returns : (returns.notNull() as AnyType);
}

function nameOf({ gives, deterministic }: FunctionSource): string {
  if (gives === 'value') return deterministic ? SQL_JS.scalar : SQL_JS.volatileScalar;
  return deterministic ? SQL_JS.table : SQL_JS.volatileTable;
}
