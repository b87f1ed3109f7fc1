export { classOfRow, columnAccess, isRowOf, kindOf, type Row, type RowClass, rowClassOf, rowKind } from './rowClass.js';
export { isAddition, parseRowKind, RowKind, rowKindText } from './rowKind.js';
