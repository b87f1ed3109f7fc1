// Catalogs, databases, tables, views and functions, in memory
export { Catalog, type NameSite, suggestion, UNNAMED } from './catalog.js';
export { type DeclaredFunction, FunctionRegistry } from './functions.js';
export {
  type CatalogObject,
  type CatalogTable,
  type CatalogView,
  type ComputedTableColumn,
  type MetadataTableColumn,
  type ObjectPath,
  type PhysicalTableColumn,
  pathText,
  scanFields,
  scanFieldsOf,
  sinkFields,
  type TableColumn,
  type TableWatermark,
} from './objects.js';
