/** The functions of a cluster that run functions of TypeScript: `js('<type of the result>', '<source>', operand, ...)`. */
export const SQL_JS = {
  scalar: 'js',
  /** For one that does not give the same for the same operands. */
  volatileScalar: 'js_volatile',
  table: 'js_table',
  volatileTable: 'js_table_volatile',
} as const;
