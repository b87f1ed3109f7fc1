import { type AnyType, type FieldTypes, type as types } from '../../core/types/index.js';
import { ValidationError } from '../errors.js';
import type { PlanField } from '../plan/field.js';
import type { WindowSpec } from '../plan/rel.js';
import { type Callback, type Given, given, type SelectedTypes, type Selection, type Unknown } from './columns.js';
import type { Expression } from './expression.js';
import { overAggregates } from './over.js';
import { positionOf } from './resolve.js';
import { aggregate, type Grouping, project, type Selected, selected } from './select.js';
import type { Table } from './table.js';
import type { GroupWindow, OverWindow } from './windows.js';

/** A table in groups. */
export class GroupedTable<F extends FieldTypes = Unknown> {
  /** @internal */
  constructor(
    private readonly table: Table<F>,
    private readonly grouping: Grouping,
  ) {}

  /** Columns of each group: what it was grouped by, and aggregates. */
  select<S extends Selection>(make: Callback<F, S>): Table<SelectedTypes<S>>;
  select(...expressions: (Expression | Callback<F, Expression | readonly Expression[]>)[]): Table;
  select(...what: unknown[]): Table {
    const { rel, host } = this.table;
    const scope = this.grouping.keys.flatMap(({ node, name }) =>
      name === undefined || node.kind === 'column' ? [] : [{ name, type: types.int() as AnyType }],
    );
    return this.table.with(
      aggregate(
        rel,
        this.grouping,
        selected(given('select', [[...rel.fields, ...scope]], what), rel.fields, host.functions),
        host.functions,
      ),
    );
  }

  /** As `select`. */
  aggregate<S extends Selection>(make: Callback<F, S>): Table<SelectedTypes<S>> {
    return this.select(make);
  }
}

/** A table with a window; `groupBy` has to name it. */
export class WindowedTable<F extends FieldTypes = Unknown> {
  /** @internal */
  constructor(
    private readonly table: Table<F>,
    private readonly window: GroupWindow,
  ) {}

  /** Groups within each window: `groupBy(col('w'), col('name'))`. */
  groupBy(...keys: (Expression | Callback<F & { readonly [alias: string]: AnyType }, Given>)[]): GroupedTable<F> {
    const { fields } = this.table.rel;
    const { alias } = this.window;
    const withWindow: PlanField[] = [...fields, { name: alias, type: types.int() as AnyType }];
    const all = selected(given('groupBy', [withWindow], keys), withWindow);
    const isWindow = ({ node }: Selected): boolean => node.kind === 'column' && node.name === alias;
    if (!all.some(isWindow)) {
      throw new ValidationError(`groupBy: the window \`${alias}\` is missing`, {
        hint: `groupBy(col('${alias}'), ...)`,
      });
    }
    const spec = specOf(this.window, fields);
    return new GroupedTable(this.table, { keys: all.filter((key) => !isWindow(key)), window: { spec, alias } });
  }
}

function specOf(window: GroupWindow, fields: readonly PlanField[]): WindowSpec {
  const time = positionOf(window.time, fields);
  const field = fields[time] as PlanField;
  const { size, slide } = window;
  if (field.time === undefined) {
    throw new ValidationError(
      `A group window expects a time attribute for grouping in a stream environment, and \`${field.name}\` is ${field.type}`,
      { hint: 'a time attribute is a column with a WATERMARK, or PROCTIME()' },
    );
  }
  if (size.unit === 'rows') {
    if (field.time !== 'proctime') {
      throw new ValidationError('Event-time grouping windows on row intervals are currently not supported.');
    }
    return { type: 'count', size: size.value, time, ...(slide === undefined ? {} : { slide: slide.value }) };
  }
  if (window.kind === 'session') return { type: 'session', gap: size.value, time };
  if (slide === undefined) return { type: 'tumble', size: size.value, time };
  return { type: 'hop', size: size.value, slide: slide.value, time };
}

/** A table with windows of rows; `select` uses them with `.over(alias)`. */
export class OverWindowedTable<F extends FieldTypes = Unknown> {
  /** @internal */
  constructor(
    private readonly table: Table<F>,
    private readonly windows: readonly OverWindow[],
  ) {}

  select<S extends Selection>(make: Callback<F, S>): Table<SelectedTypes<S>>;
  select(...expressions: (Expression | Callback<F, Expression | readonly Expression[]>)[]): Table;
  select(...what: unknown[]): Table {
    const { rel, host } = this.table;
    const items = selected(given('select', [rel.fields], what), rel.fields, host.functions);
    return this.table.with(project(rel, items, host.functions, overAggregates(rel, this.windows, host.functions)));
  }
}
