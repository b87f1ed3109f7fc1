import { type Row, rowKind, rowKindText } from '../../core/rows/index.js';
import type { DataStream } from '../../datastream/data-stream.js';
import { evaluationContext } from '../codegen/index.js';
import { ALL_CHANGES } from '../physical/changelog-mode.js';
import { planSchema } from '../plan/field.js';
import { rowTexts } from '../result/texts.js';
import type { TableConnector } from './contract.js';
import { TableOptions } from './options.js';

/**
 * `'connector' = 'print'`: every change as a line, `+I[Ann, 5]`.
 *
 * @see Flink: Print SQL Connector
 */
export const printConnector: TableConnector = {
  name: 'print',
  sink(table) {
    const options = new TableOptions('print', table);
    const identifier = options.text('print-identifier');
    const standardError = options.flag('standard-error') ?? false;
    options.text('sink.parallelism');
    options.done();
    const texts = rowTexts(planSchema(table.fields), evaluationContext());
    const prefix = identifier === undefined || identifier === '' ? '' : `${identifier}> `;
    const write = standardError ? console.error : console.log;
    return {
      accepts: () => ALL_CHANGES,
      write: (stream: DataStream<Row>) =>
        stream
          .forEach((row) => {
            const values = texts(row).map((text) => text ?? 'null');
            write(`${prefix}${rowKindText(row[rowKind])}[${values.join(', ')}]`);
          })
          .name(`Sink: ${table.identifier[2]}`),
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
  sink(table) {
    new TableOptions('blackhole', table).done();
    return {
      accepts: () => ALL_CHANGES,
      write: (stream) => stream.forEach(nothing).name(`Sink: ${table.identifier[2]}`),
    };
  },
};

function nothing(): void {}
