import type { PicturedOperator } from '../../engine/inspect/job-picture.js';
import { grouped } from '../cell.js';
import { timeLabel } from '../timeline/label.js';

/** `1,234`, `12.3 k`, `4.56 M`: a count that stays short. */
export function shortCount(count: number): string {
  if (count < 10_000) return grouped(Math.round(count));
  if (count < 999_500) return `${(count / 1000).toFixed(count < 99_950 ? 1 : 0)} k`;
  if (count < 999_500_000) return `${(count / 1e6).toFixed(count < 99_950_000 ? 1 : 0)} M`;
  return `${(count / 1e9).toFixed(1)} G`;
}

/** `512 bytes`, `1.2 kB`. */
export function shortBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} bytes`;
  if (bytes < 999_500) return `${(bytes / 1000).toPrecision(3)} kB`;
  return bytes < 999_500_000 ? `${(bytes / 1e6).toPrecision(3)} MB` : `${(bytes / 1e9).toPrecision(3)} GB`;
}

/** A watermark for people. */
export function watermarkText(watermark: number): string {
  if (watermark === Number.NEGATIVE_INFINITY) return 'none yet';
  if (watermark === Number.POSITIVE_INFINITY) return 'the end';
  return timeLabel(watermark).replace(/^\d{4}-\d{2}-\d{2} /, '');
}

/** The most telling figures of an operator, a line each, for a box in a graph. */
export function boxLines(figures: PicturedOperator): string[] {
  const { kind, numRecordsIn, numRecordsOut, numRecordsInPerSecond, numRecordsOutPerSecond } = figures;
  const source = kind === 'source';
  const count = source ? `${shortCount(numRecordsOut)} out` : `${shortCount(numRecordsIn)} in`;
  const sent = source || numRecordsOut === 0 ? '' : `, ${shortCount(numRecordsOut)} out`;
  const rate = source ? numRecordsOutPerSecond : numRecordsInPerSecond;
  const lines = [`${count}${sent}`];
  const more: string[] = [];
  if (rate >= 0.5) more.push(`${shortCount(rate)}/s`);
  if (figures.stateEntries > 0) more.push(`${shortCount(figures.stateEntries)} in state`);
  else if (figures.stateBytes > 0) more.push(`${shortBytes(figures.stateBytes)} of state`);
  if (figures.numLateRecordsDropped > 0) more.push(`${shortCount(figures.numLateRecordsDropped)} late`);
  if (figures.numRecordsSkipped > 0) more.push(`${shortCount(figures.numRecordsSkipped)} skipped`);
  lines.push(more.join(', '));
  return lines;
}
