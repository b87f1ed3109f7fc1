import type { Row } from '../../core/rows/index.js';
import { type WatermarkGenerator, type WatermarkOutput, WatermarkStrategy } from '../../engine/time/watermarks.js';
import type { RowTiming, TableDescription } from './contract.js';
import { optionError, type TableOptions } from './options.js';

/** What `scan.watermark.*` says. */
export interface WatermarkOptions {
  /** Above the job's `table.exec.source.idle-timeout`. */
  readonly idlenessMs: number | undefined;
  readonly alignment: { readonly group: string; readonly maxDriftMs: number } | undefined;
  /** After each row that raises it, whatever the job's interval. */
  readonly onEvent: boolean;
}

const PREFIX = 'scan.watermark.';

/** Reads `scan.watermark.*`; `undefined`: none is there. @throws ValidationError */
export function watermarkOptions(table: TableDescription, options: TableOptions): WatermarkOptions | undefined {
  const emit = options.oneOf(`${PREFIX}emit.strategy`, ['on-periodic', 'on-event'], 'on-periodic');
  const idlenessMs = options.duration(`${PREFIX}idle-timeout`);
  const group = options.text(`${PREFIX}alignment.group`);
  const maxDriftMs = options.duration(`${PREFIX}alignment.max-drift`);
  if ((group === undefined) !== (maxDriftMs === undefined)) {
    throw optionError(
      table,
      `'${PREFIX}alignment.group' and '${PREFIX}alignment.max-drift' must be set when configuring watermark alignment`,
      'both, or neither',
    );
  }
  if (!Object.keys(table.options).some((key) => key.startsWith(PREFIX))) return undefined;
  return {
    idlenessMs: idlenessMs === 0 ? undefined : idlenessMs,
    alignment: group === undefined || maxDriftMs === undefined ? undefined : { group, maxDriftMs },
    onEvent: emit === 'on-event',
  };
}

/** How a source makes times and watermarks of its rows. */
export function strategyOf(timing: RowTiming, options: WatermarkOptions | undefined): WatermarkStrategy<Row> {
  const onEvent = options?.onEvent ?? false;
  const idlenessMs = options?.idlenessMs ?? timing.idlenessMs;
  let strategy = WatermarkStrategy.forGenerator<Row>(
    () => new RowWatermarks(timing.watermarkOf, onEvent),
  ).withTimestampAssigner((row: Row, given) => timing.timestampOf(row) ?? given);
  if (idlenessMs > 0) strategy = strategy.withIdleness(idlenessMs);
  const alignment = options?.alignment;
  if (alignment !== undefined) strategy = strategy.withWatermarkAlignment(alignment.group, alignment.maxDriftMs);
  return strategy;
}

// A watermark that is NULL raises nothing. As on Flink, none is told up to 0.
class RowWatermarks implements WatermarkGenerator<Row> {
  private largest = 0;

  constructor(
    private readonly watermarkOf: (row: Row) => number | null,
    private readonly atOnce: boolean,
  ) {}

  onEvent(row: Row, _timestamp: number, output: WatermarkOutput): void {
    const watermark = this.watermarkOf(row);
    if (watermark === null || watermark <= this.largest) return;
    this.largest = watermark;
    if (this.atOnce) output.emitWatermark(watermark);
  }

  onPeriodicEmit(output: WatermarkOutput): void {
    if (this.largest > 0) output.emitWatermark(this.largest);
  }
}
