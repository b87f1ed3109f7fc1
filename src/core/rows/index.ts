export { Fold } from './fold.js';
export {
  classOfRow,
  columnAccess,
  isRowOf,
  kindOf,
  type Row,
  type RowClass,
  rowClassOf,
  rowKind,
} from './row-class.js';
export { isAddition, parseRowKind, RowKind, rowKindText } from './row-kind.js';
