import { ArgumentError } from '../../core/errors.js';

/** The ways to show a query's rows. @see Flink: SQL Client, result modes */
export type ResultMode = 'table' | 'changelog' | 'tableau';

/** What the client itself looks at, with what each may be. @see Flink: SQL Client Configuration */
const CLIENT: Readonly<Record<string, { readonly usual: string; readonly form: RegExp; readonly expects: string }>> = {
  'sql-client.execution.result-mode': {
    usual: 'table',
    form: /^(table|changelog|tableau)$/i,
    expects: 'table, changelog or tableau',
  },
  'sql-client.execution.max-table-result.rows': { usual: '1000000', form: /^[1-9]\d*$/, expects: 'a number from 1' },
  'sql-client.display.max-column-width': { usual: '30', form: /^[1-9]\d*$/, expects: 'a number from 1' },
  'sql-client.verbose': { usual: 'false', form: /^(true|false)$/i, expects: 'true or false' },
  'table.dml-sync': { usual: 'false', form: /^(true|false)$/i, expects: 'true or false' },
};

/** Settings of the table environment that are worth completing. */
const OTHERS = [
  'execution.checkpointing.savepoint-dir',
  'parallelism.default',
  'pipeline.name',
  'table.display.max-column-width',
  'table.exec.mini-batch.enabled',
  'table.exec.sink.not-null-enforcer',
  'table.exec.source.idle-timeout',
  'table.exec.state.ttl',
  'table.local-time-zone',
];

export const SETTINGS: readonly string[] = [...Object.keys(CLIENT), ...OTHERS].sort();

/** @throws ArgumentError for a value that a setting of the client's cannot have */
export function checkClientSetting(key: string, value: string): void {
  const known = CLIENT[key];
  if (known === undefined || known.form.test(value)) return;
  throw new ArgumentError(`'${key}' = '${value}': expected ${known.expects}`, {
    hint: `SET '${key}' = '${known.usual}';`,
  });
}

/** The client's own settings, read from where SET leaves them. */
export class ClientSettings {
  constructor(private readonly get: (key: string) => string | undefined) {}

  private read(key: string): string {
    const value = this.get(key);
    const { usual = '', form } = CLIENT[key] ?? {};
    return value !== undefined && form?.test(value) === true ? value.toLowerCase() : usual;
  }

  get resultMode(): ResultMode {
    return this.read('sql-client.execution.result-mode') as ResultMode;
  }
  /** Rows that a table in view keeps. */
  get maxRows(): number {
    return Number(this.read('sql-client.execution.max-table-result.rows'));
  }
  get maxColumnWidth(): number {
    const newer = this.get('table.display.max-column-width');
    if (newer !== undefined && /^[1-9]\d*$/.test(newer)) return Number(newer);
    return Number(this.read('sql-client.display.max-column-width'));
  }
  /** Whether errors come with their stack. */
  get verbose(): boolean {
    return this.read('sql-client.verbose') === 'true';
  }
  /** Whether an INSERT is waited for. */
  get dmlSync(): boolean {
    return this.read('table.dml-sync') === 'true';
  }
}
