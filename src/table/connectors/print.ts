import { PrintOperator } from '../../connectors/print.js';
import { type Row, rowKind, rowKindText } from '../../core/rows/index.js';
import { ALL_CHANGES } from '../physical/changelog-mode.js';
import type { TableConnector } from './contract.js';
import { javaText } from './java-text.js';
import { honoured, type OptionList } from './option-list.js';
import { TableOptions } from './options.js';
import { withParallelism } from './parallelism.js';

/** @see Flink: Print SQL Connector */
export const PRINT_OPTIONS: OptionList = {
  name: 'print',
  entries: [honoured('print-identifier'), honoured('standard-error', 'false'), honoured('sink.parallelism')],
};

/** @see Flink: BlackHole SQL Connector */
export const BLACKHOLE_OPTIONS: OptionList = { name: 'blackhole', entries: [] };

/**
 * `'connector' = 'print'`: every change as a line as Flink prints it, `+I[Ann, 5]`; with several subtasks their number before it, `2> +I[Ann, 5]`.
 *
 * @see Flink: Print SQL Connector
 */
export const printConnector: TableConnector = {
  name: 'print',
  options: PRINT_OPTIONS,
  sink(table) {
    const options = new TableOptions(PRINT_OPTIONS, table);
    const identifier = options.text('print-identifier');
    const standardError = options.flag('standard-error') ?? false;
    const parallelism = options.integer('sink.parallelism', 1);
    options.done();
    const texts = table.fields.map(({ name, type }) => ({ name, text: javaText(type) }));
    const write = standardError ? (line: string) => console.error(line) : (line: string) => console.log(line);
    const line = (row: Row): string =>
      `${rowKindText(row[rowKind])}[${texts.map(({ name, text }) => text(row[name])).join(', ')}]`;
    return {
      accepts: () => ALL_CHANGES,
      write: (stream) => {
        const print = (): PrintOperator<Row> => new PrintOperator(identifier, write, line);
        return withParallelism(stream.sink(`Sink: ${table.identifier[2]}`, print), parallelism);
      },
    };
  },
};

/**
 * `'connector' = 'blackhole'`: takes everything and keeps nothing.
 *
 * @see Flink: BlackHole SQL Connector
 */
export const blackholeConnector: TableConnector = {
  name: 'blackhole',
  options: BLACKHOLE_OPTIONS,
  sink(table) {
    new TableOptions(BLACKHOLE_OPTIONS, table).done();
    return {
      accepts: () => ALL_CHANGES,
      write: (stream) => stream.forEach(nothing).name(`Sink: ${table.identifier[2]}`),
    };
  },
};

function nothing(): void {}
