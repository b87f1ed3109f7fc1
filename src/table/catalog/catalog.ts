import { nearest } from '../../core/nearest.js';
import { ValidationError } from '../errors.js';
import type { Span } from '../sql/ast/span.js';
import { FunctionRegistry } from './functions.js';
import { type CatalogObject, type ObjectPath, pathText } from './objects.js';

/** Where in a text a name stands, for errors. */
export interface NameSite {
  readonly span?: Span;
  readonly sql?: string;
}
export interface Database {
  readonly options: Readonly<Record<string, string>>;
  readonly comment?: string;
  readonly objects: Map<string, CatalogObject>;
}
interface CatalogEntry {
  readonly options: Readonly<Record<string, string>>;
  readonly comment?: string;
  readonly databases: Map<string, Database>;
}

const emptyDatabase = (): Database => ({ options: {}, objects: new Map() });

/**
 * The catalogs, their databases, tables, views and functions, in memory. Temporary objects hide permanent ones of the
 * same name. Begins with `default_catalog`.`default_database`.
 *
 * @see Flink: Catalogs
 */
export class Catalog {
  readonly functions = new FunctionRegistry();
  readonly #catalogs = new Map<string, CatalogEntry>();
  readonly #temporary = new Map<string, CatalogObject>();
  #catalog: string;
  #database: string;

  constructor(catalog = 'default_catalog', database = 'default_database') {
    this.#catalogs.set(catalog, {
      options: { type: 'generic_in_memory' },
      databases: new Map([[database, emptyDatabase()]]),
    });
    this.#catalog = catalog;
    this.#database = database;
  }

  get currentCatalog(): string {
    return this.#catalog;
  }
  get currentDatabase(): string {
    return this.#database;
  }

  // ---- names
  /** A name of one, two or three parts in full. */
  path(parts: readonly string[], site: NameSite = {}): ObjectPath {
    const [a, b, c] = parts;
    if (parts.length === 1) return [this.#catalog, this.#database, a as string];
    if (parts.length === 2) return [this.#catalog, a as string, b as string];
    if (parts.length === 3) return [a as string, b as string, c as string];
    throw new ValidationError(`a name of ${parts.length} parts: ${pathText(parts)}`, {
      ...site,
      hint: 'a table is `name`, `database.name` or `catalog.database.name`',
    });
  }
  find(path: ObjectPath): CatalogObject | undefined {
    return this.#temporary.get(pathText(path)) ?? this.permanent(path);
  }
  permanent([catalog, database, name]: ObjectPath): CatalogObject | undefined {
    return this.#catalogs.get(catalog)?.databases.get(database)?.objects.get(name);
  }
  temporary(path: ObjectPath): CatalogObject | undefined {
    return this.#temporary.get(pathText(path));
  }
  /** The table or view of that name. @throws ValidationError */
  resolve(parts: readonly string[], site: NameSite = {}): CatalogObject {
    const path = this.path(parts, site);
    const found = this.find(path);
    if (found !== undefined) return found;
    const name = parts[parts.length - 1] as string;
    const within = parts.length === 1 ? '' : ` within '${pathText(path.slice(0, 2))}'`;
    throw new ValidationError(`Object '${name}' not found${within}`, { ...site, ...this.otherObjects(path) });
  }

  /** What else there is: where the database or the catalog is wrong, those. */
  private otherObjects(path: ObjectPath): { hint?: string } {
    const [catalog, database] = path;
    if (!this.hasCatalog(catalog)) return suggestion(catalog, this.catalogs(), 'catalogs');
    if (!this.hasDatabase(catalog, database)) return suggestion(database, this.databases(catalog), 'databases');
    return this.otherTables(path);
  }

  /** What to say where a table of that name was looked for in vain; tables without names are not spoken of. */
  otherTables([catalog, database, name]: ObjectPath): { hint?: string } {
    const all = this.objects(catalog, database).map((object) => object.path[2]);
    const named = all.filter((one) => !one.startsWith(UNNAMED));
    const { hint } = suggestion(name, named, 'tables');
    if (named.length === all.length || hint?.includes('did you mean')) return hint === undefined ? {} : { hint };
    const spliced = `a table held in a variable goes into t.sql\`...\` as \${${name}}`;
    return { hint: hint === undefined ? spliced : `${hint}; ${spliced}` };
  }

  // ---- tables and views
  /** Everything of a database, temporary objects too, by name. */
  objects(catalog = this.#catalog, database = this.#database): CatalogObject[] {
    const made = new Map(this.#catalogs.get(catalog)?.databases.get(database)?.objects ?? []);
    for (const object of this.#temporary.values()) {
      if (object.path[0] === catalog && object.path[1] === database) made.set(object.path[2], object);
    }
    return [...made.values()].sort((a, b) => (a.path[2] < b.path[2] ? -1 : 1));
  }
  put(object: CatalogObject, site: NameSite = {}): void {
    if (object.temporary) this.#temporary.set(pathText(object.path), object);
    else this.database(object.path[0], object.path[1], site).objects.set(object.path[2], object);
  }
  remove(object: CatalogObject): void {
    if (object.temporary) this.#temporary.delete(pathText(object.path));
    else this.#catalogs.get(object.path[0])?.databases.get(object.path[1])?.objects.delete(object.path[2]);
  }

  // ---- databases
  database(catalog: string, database: string, site: NameSite = {}): Database {
    const found = this.entry(catalog, site).databases.get(database);
    if (found !== undefined) return found;
    throw new ValidationError(`Database ${catalog}.${database} does not exist.`, {
      ...site,
      ...suggestion(database, this.databases(catalog), 'databases'),
    });
  }
  databases(catalog = this.#catalog, site: NameSite = {}): string[] {
    return [...this.entry(catalog, site).databases.keys()].sort();
  }
  hasDatabase(catalog: string, database: string): boolean {
    return this.#catalogs.get(catalog)?.databases.has(database) ?? false;
  }
  putDatabase(catalog: string, database: string, made: Omit<Database, 'objects'>, site: NameSite = {}): void {
    const { databases } = this.entry(catalog, site);
    databases.set(database, { ...made, objects: databases.get(database)?.objects ?? new Map() });
  }
  removeDatabase(catalog: string, database: string): void {
    this.#catalogs.get(catalog)?.databases.delete(database);
  }
  useDatabase(catalog: string, database: string, site: NameSite = {}): void {
    this.entry(catalog, site);
    if (!this.hasDatabase(catalog, database)) {
      throw new ValidationError(`A database with name [${database}] does not exist in the catalog: [${catalog}].`, {
        ...site,
        ...suggestion(database, this.databases(catalog), 'databases'),
      });
    }
    this.#catalog = catalog;
    this.#database = database;
  }

  // ---- catalogs
  catalogs(): string[] {
    return [...this.#catalogs.keys()].sort();
  }
  entry(name: string, site: NameSite = {}): CatalogEntry {
    const found = this.#catalogs.get(name);
    if (found !== undefined) return found;
    throw new ValidationError(`A catalog with name [${name}] does not exist.`, {
      ...site,
      ...suggestion(name, this.catalogs(), 'catalogs'),
    });
  }
  hasCatalog(name: string): boolean {
    return this.#catalogs.has(name);
  }
  putCatalog(name: string, options: Readonly<Record<string, string>>, comment?: string): void {
    const database = options['default-database'] ?? 'default';
    const databases = this.#catalogs.get(name)?.databases ?? new Map([[database, emptyDatabase()]]);
    this.#catalogs.set(name, { options, databases, ...(comment === undefined ? {} : { comment }) });
  }
  removeCatalog(name: string): void {
    this.#catalogs.delete(name);
  }
  /** Goes to the catalog's default database. */
  useCatalog(name: string, site: NameSite = {}): void {
    const { options, databases } = this.entry(name, site);
    const wanted = options['default-database'] ?? (name === 'default_catalog' ? 'default_database' : 'default');
    this.#catalog = name;
    this.#database = databases.has(wanted) ? wanted : ([...databases.keys()][0] ?? wanted);
  }
}

/** How tables are called that were spliced into a text. */
export const UNNAMED = 'UnnamedTable$';

/** `did you mean ...?`, or what there is. */
export function suggestion(name: string, names: readonly string[], what: string): { hint?: string } {
  const sameButCase = names.find((one) => one.toLowerCase() === name.toLowerCase());
  if (sameButCase !== undefined) return { hint: `upper and lower case differ: did you mean \`${sameButCase}\`?` };
  const meant = nearest(name, names);
  const list = names.length > 20 ? `${names.slice(0, 20).join(', ')}, ...` : names.join(', ');
  if (meant !== undefined) return { hint: `did you mean \`${meant}\`? ${what}: ${list}` };
  return names.length === 0 ? {} : { hint: `${what}: ${list}` };
}
