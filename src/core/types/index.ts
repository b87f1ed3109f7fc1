// The types themselves, and how to make, read, write and compare them
export * from './logical.js';
export { fieldsOf, isType, makeType, type } from './make.js';
export { parseSchema, parseType, TypeSyntaxError } from './parse.js';
export { quoteName, sameType, sameTypeIgnoringNull, typeText } from './print.js';
export { Schema, schemaOf, UnknownColumnError } from './schema.js';
export type { DeclaredColumn, DeclaredSchema, SchemaBuilder } from './schema-builder.js';
// What a cell gets
export type { CellValues, RowOf, ValueOf } from './values-of.js';
