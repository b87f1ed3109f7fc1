// The statements as plain data, each part with its place in the text
export * from './ast/index.js';
export { SqlSyntaxError } from './errors.js';
// Words and names
export { KEYWORDS_THAT_MAY_BE_NAMES, RESERVED_WORDS } from './lexer/keywords.js';
// Text to statements
export { parseDataType, parseExpression, parseQuery, parseStatement, parseStatements } from './parse.js';
// Statements to text
export { quoteIdentifier, quoteText, unparse, unparseExpression, unparseType } from './unparse/index.js';
