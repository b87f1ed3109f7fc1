import { StreambookError } from '../core/errors.js';
import type { Row } from '../core/rows/index.js';
import { type } from '../core/types/index.js';
import { type Elements, feed, iterate } from '../datastream/collect.js';
import type { DataStream } from '../datastream/data-stream.js';
import type { StreamExecutionEnvironment } from '../datastream/environment.js';
import type { Job } from '../engine/job.js';
import { type Catalog, type CatalogTable, pathText, scanFields, sinkFields } from './catalog/index.js';
import { evaluationContext } from './codegen/index.js';
import type { TableConfig } from './config.js';
import { badRowMaker } from './connectors/bad-rows.js';
import type { BadRowsTable, StreamTimed, TableDescription, TableSource } from './connectors/contract.js';
import type { Connectors } from './connectors/registry.js';
import { ValidationError } from './errors.js';
import { jobOptions } from './job-options.js';
import { enforceNotNull } from './not-null.js';
import { INSERT_ONLY, isInsertOnly } from './physical/changelog-mode.js';
import type { PlannerContext, ScanSource, SinkTarget, StreamThrough, TranslateContext } from './physical/context.js';
import { changelogOf, type PhysicalNode } from './physical/node.js';
import { type PlanField, planSchema } from './plan/field.js';
import type { InlineScan, Rel, Scan, SinkPlan } from './plan/rel.js';
import { planInsert, planQuery, translate, translateAll } from './planner/index.js';
import { listResult } from './result/list.js';
import { TableResult } from './result/table-result.js';
import { rowTexts } from './result/texts.js';
import { warnOfUnboundedState } from './state-warning.js';

/** Makes what carries the plans of an environment out. */
export type RunnerFactory = (
  env: StreamExecutionEnvironment,
  catalog: Catalog,
  config: TableConfig,
  connectors: Connectors,
) => Runner;

/** Plans what a table environment is asked to carry out, and starts the jobs. */
export class Runner {
  private readonly inline: ScanSource[] = [];
  private jobs = 0;

  constructor(
    private readonly env: StreamExecutionEnvironment,
    protected readonly catalog: Catalog,
    protected readonly config: TableConfig,
    protected readonly connectors: Connectors,
  ) {}

  /** Makes a source known to plans: what `InlineScan.id` means. */
  addInline(source: ScanSource): number {
    return this.inline.push(source) - 1;
  }

  /** The rows of a collection, for those who carry plans out elsewhere; `undefined` for a stream. */
  inlineRows({ id }: InlineScan): readonly Row[] | undefined {
    return this.inline[id]?.rows?.();
  }

  /** What planning needs of the environment, as it is set now. */
  planning(): PlannerContext {
    return {
      evaluation: evaluationContext({
        timeZone: this.config.timeZone,
        clock: this.env.clock,
        functions: this.catalog.functions,
        currentDatabase: this.catalog.currentDatabase,
        legacyCast: this.config.get('table.exec.legacy-cast-behaviour')?.toUpperCase() === 'ENABLED',
      }),
      config: this.config,
      scan: (rel) => this.scan(rel),
    };
  }

  /** Plans a query now; it runs when its rows are asked for. */
  query(rel: Rel): TableResult {
    const planning = this.planning();
    const plan = planQuery(rel, planning);
    const schema = planSchema(plan.fields);
    const context = this.translating(planning);
    const stream = (): DataStream<Row> => {
      const rows = this.checked(translate(plan, context), plan.fields);
      warnOfUnboundedState(plan, rows, context.stateTtlMs);
      return rows;
    };
    let job: () => Job | undefined = () => undefined;
    return new TableResult({
      schema,
      changes: true,
      texts: rowTexts(schema, planning.evaluation),
      rows: () => {
        const rows: Elements<Row> = iterate(stream(), this.jobName('collect'));
        job = rows.job;
        return rows;
      },
      feed: {
        updates: !isInsertOnly(changelogOf(plan)),
        now: () => this.env.clock.now(),
        start: (consume) => {
          const started = feed(stream(), this.jobName('collect'), consume);
          job = () => started;
          return started;
        },
      },
      job: () => job(),
    });
  }

  /** A query as a stream that goes on in a DataStream program. @throws ValidationError for updates, unless `changes` */
  stream(rel: Rel, changes: boolean): { readonly rows: DataStream<Row>; readonly fields: readonly PlanField[] } {
    const planning = this.planning();
    const plan = planQuery(rel, planning);
    if (!changes && !isInsertOnly(changelogOf(plan))) {
      throw new ValidationError('toDataStream: the table changes rows that it gave before', {
        hint: 'toChangelogStream() gives every change with its kind',
      });
    }
    return { rows: this.checked(translate(plan, this.translating(planning)), plan.fields), fields: plan.fields };
  }

  /** Whether streams of this environment can be tables here. */
  owns(stream: DataStream<unknown>): boolean {
    return stream.env === this.env;
  }

  /** Starts a job that fills tables. */
  insert(plans: readonly SinkPlan[]): TableResult {
    const { targets, sinks } = this.filling(plans);
    const name = this.jobName(`insert-into_${plans.map(({ table }) => pathText(table)).join(',')}`);
    const job = this.env.start(
      { name, ...jobOptions(targets, this.config) },
      sinks.map((sink: DataStream<never>) => sink.node('INSERT')),
    );
    const fields = plans.map((plan): PlanField => ({ name: pathText(plan.table), type: type.bigint() }));
    const result = listResult({ fields: unique(fields), rows: [fields.map(() => -1)], ok: false });
    return result.withJob(job);
  }

  /** Lets the next job of the environment fill tables. */
  attach(plans: readonly SinkPlan[]): void {
    this.filling(plans);
  }

  private filling(plans: readonly SinkPlan[]): {
    readonly targets: readonly SinkTarget[];
    readonly sinks: readonly DataStream<never>[];
  } {
    const planning = this.planning();
    const targets = plans.map((plan) => this.target(plan));
    const planned = plans.map((plan, i) => planInsert(plan, targets[i] as SinkTarget, planning));
    const context = this.translating(planning);
    const sinks = translateAll(planned, context).map((stream, i) => {
      const target = targets[i] as SinkTarget;
      warnOfUnboundedState(planned[i] as PhysicalNode, stream, context.stateTtlMs);
      return target.write(this.checked(stream, target.fields));
    });
    return { targets, sinks };
  }

  /** Where the rows of an INSERT go. */
  target(plan: Pick<SinkPlan, 'table' | 'options'> & { readonly overwrite?: boolean }): SinkTarget {
    if (plan.overwrite === true) {
      throw new ValidationError(`INSERT OVERWRITE \`${pathText(plan.table)}\`: Streaming mode not support overwrite.`, {
        hint: 'rows of a stream are only added: INSERT INTO',
      });
    }
    const table = this.table(plan.table);
    const fields = sinkFields(table);
    const description = this.describe(table, fields, plan.options);
    const connector = this.connectors.of(description, optionsOf(table, plan.options).connector);
    if (connector.sink === undefined) {
      throw new ValidationError(`table \`${pathText(plan.table)}\`: the connector '${connector.name}' only reads`, {
        hint: "rows go into tables of other connectors: 'print', 'kafka', 'filesystem', 'blackhole'",
      });
    }
    const sink = connector.sink(description);
    return {
      name: plan.table.join(', '),
      fields,
      ...(description.primaryKey === undefined ? {} : { primaryKey: description.primaryKey }),
      accepts: (requested, step) => sink.accepts(requested, step),
      jobUid: sink.jobUid,
      write: (stream) => sink.write(stream),
    };
  }

  private scan(rel: Scan | InlineScan): ScanSource {
    if (rel.kind === 'inlineScan') return this.inline[rel.id] as ScanSource;
    const table = this.table(rel.table);
    const description = this.describe(table, scanFields(table), rel.options);
    const connector = this.connectors.of(description, optionsOf(table, rel.options).connector);
    const primaryKey = table.primaryKey === undefined ? {} : { primaryKey: table.primaryKey.columns };
    const name = rel.table.join(', ');
    if (connector.source === undefined && connector.lookup !== undefined) {
      const lookup = connector.lookup(description);
      const never = (): never => {
        throw new ValidationError(`table \`${name}\` cannot be read as a whole`);
      };
      return { name, changelogMode: INSERT_ONLY, ...primaryKey, stream: never, lookup };
    }
    if (connector.source === undefined) {
      throw new ValidationError(`table \`${pathText(rel.table)}\`: the connector '${connector.name}' only writes`, {
        hint: "rows come from tables of other connectors: 'datagen', 'kafka', 'filesystem'",
      });
    }
    const source = connector.source(description);
    return {
      name,
      changelogMode: source.changelogMode,
      ...primaryKey,
      ...this.readings(source),
    };
  }

  /** The ways to read a table, each with its bad rows going where they are to go. */
  private readings(source: TableSource): Pick<ScanSource, 'stream' | 'streamThrough' | 'streamTimed'> {
    const put = source.badRows === undefined ? (rows: DataStream<Row>) => rows : this.badRows(source.badRows);
    return {
      stream: (env, columns) => put(source.stream(env, columns)),
      streamThrough: source.streamThrough && ((...given) => put((source.streamThrough as StreamThrough)(...given))),
      streamTimed: source.streamTimed && ((...given) => put((source.streamTimed as StreamTimed)(...given))),
    };
  }

  /** Checks the table that bad rows go to; the function makes its sink a part of the next job. */
  private badRows({ table: name, tag }: BadRowsTable): (rows: DataStream<Row>) => DataStream<Row> {
    const path = this.catalog.path(name.split('.'));
    if (this.catalog.find(path)?.kind !== 'table') {
      throw new ValidationError(`'bad-rows' = '${name}': there is no such table`, {
        hint: `CREATE TABLE ${name} (source STRING, line BIGINT, reason STRING, content STRING) WITH (...)`,
      });
    }
    const target = this.target({ table: path });
    const rowOf = badRowMaker(target.fields, name);
    target.accepts(INSERT_ONLY);
    return (rows) => {
      target.write(rows.getSideOutput(tag).map(rowOf).name('BadRows'));
      return rows;
    };
  }

  private table(path: Scan['table']): CatalogTable {
    const found = this.catalog.find(path);
    if (found?.kind === 'table') return found;
    throw new StreambookError('table-gone', `the table \`${pathText(path)}\` is not there any more`);
  }

  private describe(
    table: CatalogTable,
    fields: readonly PlanField[],
    hints: Readonly<Record<string, string>> | undefined,
  ): TableDescription {
    const { connector: _, ...options } = optionsOf(table, hints);
    const position = (name: string): number => fields.findIndex((field) => field.name === name);
    const metadata = table.columns.flatMap((column) =>
      column.kind === 'metadata' && position(column.name) >= 0
        ? [{ index: position(column.name), key: column.key }]
        : [],
    );
    const key = table.primaryKey?.columns.map(position);
    return {
      identifier: table.path,
      fields,
      metadata,
      ...(key === undefined || key.includes(-1) ? {} : { primaryKey: key }),
      partitionedBy: table.partitionedBy,
      evaluation: this.planning().evaluation,
      options,
    };
  }

  private checked(stream: DataStream<Row>, fields: readonly PlanField[]): DataStream<Row> {
    const drop = this.config.get('table.exec.sink.not-null-enforcer')?.toUpperCase() === 'DROP';
    return enforceNotNull(stream, fields, drop);
  }

  private translating(planning: PlannerContext): TranslateContext {
    return { ...planning, env: this.env, stateTtlMs: this.config.stateTtlMs };
  }

  protected jobName(usual: string): string {
    return this.config.get('pipeline.name') ?? (this.jobs++ === 0 ? usual : `${usual}-${this.jobs}`);
  }
}

function optionsOf(table: CatalogTable, hints: Readonly<Record<string, string>> | undefined): Record<string, string> {
  return hints === undefined ? { ...table.options } : { ...table.options, ...hints };
}

function unique(fields: readonly PlanField[]): PlanField[] {
  return fields.map((field, i) =>
    fields.findIndex(({ name }) => name === field.name) === i ? field : { ...field, name: `${field.name}_${i}` },
  );
}
