import { randomUUID } from 'node:crypto';
import type { Row } from '../../core/rows/index.js';
import { type Schema, type as types } from '../../core/types/index.js';
import type { DataStream } from '../../datastream/data-stream.js';
import type { StreamExecutionEnvironment } from '../../datastream/environment.js';
import { type Catalog, pathText } from '../../table/catalog/index.js';
import type { TableConfig } from '../../table/config.js';
import type { Connectors } from '../../table/connectors/registry.js';
import type { FlinkSqlContext } from '../../table/flink-sql/context.js';
import { functionCall } from '../../table/flink-sql/functions/call.js';
import { flinkQueryText } from '../../table/flink-sql/queries.js';
import { partsOf } from '../../table/flink-sql/travel-texts.js';
import { callsUserFunction } from '../../table/flink-sql/user-calls.js';
import { type PlanField, planSchema, uniqueNames } from '../../table/plan/field.js';
import { originOf } from '../../table/plan/origin.js';
import type { Rel, SinkPlan } from '../../table/plan/rel.js';
import { listResult } from '../../table/result/list.js';
import { TableResult } from '../../table/result/table-result.js';
import { rowTexts } from '../../table/result/texts.js';
import { Runner } from '../../table/runner.js';
import { quoteIdentifier } from '../../table/sql/index.js';
import { ClusterRefusal } from '../errors.js';
import type { Operation } from '../gateway/operation.js';
import { RemoteInsert } from './insert.js';
import type { Needs, SessionLink } from './link.js';
import { objectsFor } from './objects.js';
import { RemoteRows } from './result.js';
import { checkSize } from './values-size.js';

/** Flink takes the id of a job from here; where it should not, its own shows in the pages. */
const JOB_ID = '$internal.pipeline.job-id';

/** Settings that mean something to this process alone, or that the session has. */
const OWN = /^(sql-client\.|table\.local-time-zone$)/;

/** Carries the plans of an environment out on a cluster: as Flink SQL, the tables they need made there first. */
export class RemoteRunner extends Runner {
  /** Resolves when what was started last has been taken by the cluster. */
  submitted: Promise<unknown> = Promise.resolve();
  /** Whether a function of TypeScript has been called since the session began. */
  private callsFunctions = false;

  constructor(
    private readonly link: SessionLink,
    env: StreamExecutionEnvironment,
    catalog: Catalog,
    config: TableConfig,
    connectors: Connectors,
  ) {
    super(env, catalog, config, connectors);
  }

  override query(rel: Rel): TableResult {
    const sql = flinkQueryText(rel, this.flinkSql());
    const needs = this.needs(sql, 'collect');
    const schema = planSchema(rel.fields);
    checkColumns(schema);
    const id = randomUUID().replaceAll('-', '');
    const config = { ...needs.config, [JOB_ID]: id };
    const start = (): Promise<Operation> => this.link.submit(sql, { ...needs, config });
    const rows = new RemoteRows(this.link, id, start, schema, this.config.timeZone);
    return new TableResult({
      schema,
      changes: true,
      texts: rowTexts(schema, this.planning().evaluation),
      rows: () => rows,
      remote: rows,
    });
  }

  override insert(plans: readonly SinkPlan[]): TableResult {
    const context = this.flinkSql();
    const texts = plans.map((plan) => insertText(plan, context));
    const sql = texts.length === 1 ? (texts[0] as string) : `EXECUTE STATEMENT SET BEGIN ${texts.join('; ')}; END`;
    const needs = this.needs(sql, `insert-into_${plans.map(({ table }) => pathText(table)).join(',')}`);
    const job = new RemoteInsert(this.link, () => this.link.submit(sql, needs));
    this.submitted = job.submitted;
    job.submitted.catch(() => {});
    const names = uniqueNames(plans.map(({ table }) => pathText(table)));
    const fields = names.map((name): PlanField => ({ name, type: types.bigint() }));
    return listResult({ fields, rows: [fields.map(() => -1)], ok: false }).withRemote(job);
  }

  override attach(): never {
    throw new ClusterRefusal('a DataStream program runs in this process, and not on a cluster', {
      hint: 'execute() carries the INSERTs out there',
    });
  }

  override stream(): { readonly rows: DataStream<Row>; readonly fields: readonly PlanField[] } {
    throw new ClusterRefusal('a DataStream runs in this process, and not on a cluster', {
      hint: 'read the table here: tableEnv() instead of cluster()',
    });
  }

  private flinkSql(): FlinkSqlContext {
    return {
      catalog: this.catalog,
      timeZone: this.config.timeZone,
      callsUser: callsUserFunction,
      rowsOf: (scan) => {
        const rows = this.inlineRows(scan);
        if (rows !== undefined) checkSize(scan.name, rows.length, scan.fields.length);
        return rows;
      },
      userCall: (call, operands) => {
        const { text, javascript } = functionCall(this.catalog.functions, call, operands);
        this.callsFunctions ||= javascript !== undefined;
        return text;
      },
    };
  }

  /** @param usual how the job is called, unless the program says so: Flink's own name would be the whole text */
  private needs(sql: string, usual: string): Needs {
    const entries = [...this.config.entries()].filter(([key]) => !OWN.test(key));
    // Written first: views may call functions, too.
    const objects = objectsFor(sql, this.catalog, this.connectors, this.flinkSql());
    return {
      objects,
      functions: this.callsFunctions,
      config: { ...Object.fromEntries(entries), 'pipeline.name': this.jobName(usual) },
      database: this.catalog.currentDatabase,
      timeZone: this.config.timeZone,
    };
  }
}

function insertText(plan: SinkPlan, context: FlinkSqlContext): string {
  const origin = originOf(plan);
  if (origin !== undefined && !context.callsUser(plan.input)) return origin.sql;
  const options = Object.entries(plan.options ?? {}).map(([key, value]) => `'${key}'='${value.replaceAll("'", "''")}'`);
  const hint = options.length === 0 ? '' : ` /*+ OPTIONS(${options.join(', ')}) */`;
  const verb = plan.overwrite ? 'INSERT OVERWRITE' : 'INSERT INTO';
  return `${verb} ${plan.table.map(quoteIdentifier).join('.')}${hint} ${flinkQueryText(plan.input, context)}`;
}

/** The gateway writes a MAP as a JSON object, whose keys are texts. */
function checkColumns(schema: Schema): void {
  for (const { name, type } of schema.fields) {
    const found = partsOf(type).find((part) => {
      const key = part.root === 'MAP' ? part.key : part.root === 'MULTISET' ? part.element : undefined;
      return key !== undefined && key.root !== 'VARCHAR' && key.root !== 'CHAR';
    });
    if (found === undefined) continue;
    throw new ClusterRefusal(
      `column \`${name}\` is ${type}: the gateway can only write those with keys that are texts`,
      {
        hint:
          type.root === 'MAP'
            ? `select MAP_ENTRIES(${name}), or CAST(${name} AS STRING)`
            : `select CAST(${name} AS STRING)`,
      },
    );
  }
}
