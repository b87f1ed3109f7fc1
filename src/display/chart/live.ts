import type { CellHandle } from '../../core/kernel.js';
import { keyIdOf } from '../../core/keys.js';
import { Fold, kindOf, RowKind } from '../../core/rows/index.js';
import { counted, grouped } from '../cell.js';
import { ChangingChart } from '../changing-chart.js';
import { read } from '../compact.js';
import { follow } from '../follow.js';
import { sourceOf } from '../infer.js';
import { REDRAW_EVERY_MS } from '../notebook.js';
import type { Drawn } from '../vega.js';
import { ChartData } from './columns.js';
import { NO_ROWS, titleOf } from './frame.js';

/** Of a stream without keys, the last rows are drawn; of one with keys, so many keys. */
const MOST_ROWS = 10_000;

/**
 * The rows of a stream that are drawn: the last ones; of a changelog, the table it builds; where later rows replace
 * earlier ones, the latest of each key.
 */
class Latest {
  private readonly rows = new Fold<unknown>(MOST_ROWS);
  private readonly byKey = new Map<unknown, unknown>();
  count = 0;
  private changes = false;

  constructor(private readonly keyOf: ((row: unknown) => unknown) | undefined) {}

  add(row: unknown): void {
    this.count++;
    this.changes ||= typeof row === 'object' && row !== null && kindOf(row) !== RowKind.INSERT;
    if (this.keyOf === undefined) {
      this.rows.add(row);
      return;
    }
    const id = keyIdOf(this.keyOf(row));
    if (this.byKey.size < MOST_ROWS || this.byKey.has(id)) this.byKey.set(id, row);
  }

  data(): ChartData {
    return new ChartData(sourceOf(this.keyOf === undefined ? this.rows.rows() : [...this.byKey.values()]));
  }

  says(state: string): string {
    const what = this.keyOf === undefined ? '' : `${counted(this.byKey.size, 'key')}, `;
    const last = this.rows.forgotten > 0 ? `, the last ${grouped(MOST_ROWS)} drawn` : '';
    return `${what}${counted(this.count, this.changes ? 'change' : 'row')}${last}, ${state}`;
  }
}

/** What is said besides the title says how far the stream is, too. */
function withState({ spec, line }: Drawn, state: string): Drawn {
  type Title = { text?: string; subtitle?: string; fontStyle?: string };
  const { text, subtitle, fontStyle }: Title =
    typeof spec.title === 'string' ? { text: spec.title } : (spec.title ?? {});
  // Without a title of its own, the text is the subtitle.
  const [title, said] = fontStyle === undefined ? [text, subtitle] : [undefined, text];
  // How many rows there are, the state says.
  const notes = said === undefined || said === NO_ROWS ? state : `${said}; ${state}`;
  return { spec: { ...spec, title: titleOf(title, notes) }, line: `${line.replace(`; ${NO_ROWS}`, '')}; ${state}` };
}

/**
 * Draws a sequence while it comes in: one output of fixed size, changed in place ten times a second at most. What stays
 * is the last state, as a full chart.
 */
export async function drawLive(
  items: AsyncIterable<unknown>,
  how: (data: ChartData) => Drawn,
  cell: CellHandle | undefined,
): Promise<void> {
  const upsertKey = read(items, 'upsertKey');
  const rows = new Latest(typeof upsertKey === 'function' ? (upsertKey as (row: unknown) => unknown) : undefined);
  const drawn = (state: string): Drawn => withState(how(rows.data()), rows.says(state));
  const chart = await ChangingChart.open(drawn('waiting'), cell);
  const take = (row: unknown): boolean => {
    rows.add(row);
    return true;
  };
  let state = 'failed';
  try {
    state = await follow('chart', items, take, () => chart.update(() => drawn('running')), REDRAW_EVERY_MS);
  } finally {
    await chart.end(drawn(state));
  }
}
