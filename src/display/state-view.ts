import type { MimeBundle, TableLayout } from '../core/display.js';
import type { OperatorState, TimerEntry } from '../engine/inspect/operator-state.js';
import { TimeWindow, type Window } from '../engine/windows/window.js';
import { counted } from './cell.js';
import { below } from './joined-bundle.js';
import { table } from './table.js';
import { timeLabel } from './timeline/label.js';

function windowText(window: Window | undefined): string | undefined {
  if (window === undefined) return undefined;
  return window instanceof TimeWindow ? `[${timeLabel(window.start)}, ${timeLabel(window.end)})` : 'global';
}

function timersBundle(timers: readonly TimerEntry[], layout: TableLayout): MimeBundle {
  const windows = timers.some((timer) => timer.window !== undefined);
  return table(
    {
      caption: counted(timers.length, 'timer'),
      columns: [{ name: 'key' }, ...(windows ? [{ name: 'window' }] : []), { name: 'fires at' }, { name: 'time' }],
      rows: timers.map(({ key, window, timestamp, domain }) => [
        key,
        ...(windows ? [windowText(window)] : []),
        timeLabel(timestamp),
        domain === 'EVENT_TIME' ? 'event time' : 'processing time',
      ]),
    },
    layout,
  );
}

/** What an operator knows: its states by key (and window), and the timers that are set. */
export function stateBundle(state: OperatorState, layout: TableLayout = {}): MimeBundle {
  const parts: MimeBundle[] = [];
  for (const { name, kind, entries } of state.states()) {
    const byKey = state.entries(name);
    const windows = state.windows(name);
    const caption = `state ${name} (${kind}) of ${state.operator}: ${counted(entries, 'entry').replace('entrys', 'entries')}`;
    if (windows.length > 0) {
      const columns = [{ name: 'key' }, { name: 'window' }, { name: 'value' }];
      const rows = windows.map(({ key, window, value }) => [key, windowText(window), value]);
      parts.push(table({ caption, columns, rows }, layout));
    }
    if (byKey.length > 0 || windows.length === 0) {
      const columns = [{ name: 'key' }, { name: 'value' }];
      parts.push(table({ caption, columns, rows: byKey.map(([key, value]) => [key, value]) }, layout));
    }
  }
  const timers = state.timers();
  if (timers.length > 0) parts.push(timersBundle(timers, layout));
  if (parts.length === 0) return table({ caption: `state of ${state.operator}`, columns: [], rows: [] }, layout);
  return below(...parts);
}
