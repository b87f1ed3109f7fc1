import type { MimeBundle } from '../core/display.js';
import type { TopicDescription } from '../kafka/topics.js';
import { counted, grouped } from './cell.js';
import { read } from './compact.js';
import { escapeHtml, QUIET, segmentsHtml, TRACK, tint } from './html.js';
import { table } from './table.js';
import { visible } from './visible.js';

/** What `topics.describe` tells. */
export function isTopic(data: object): data is TopicDescription {
  return (
    typeof read(data, 'name') === 'string' &&
    Array.isArray(read(data, 'partitions')) &&
    Array.isArray(read(data, 'groups')) &&
    typeof read(data, 'config') === 'object'
  );
}

const LABEL = 'display:inline-block;box-sizing:border-box;width:18em;vertical-align:middle;';
const MOST_PARTITIONS = 50;
const MOST_GROUPS = 8;
const ONE_LINE = 'white-space:nowrap;overflow:hidden;text-overflow:ellipsis;';

function share(part: number, whole: number): string {
  return `${whole <= 0 ? 0 : Math.min(100, Math.max(0, (part / whole) * 100)).toFixed(2)}%`;
}

interface Reader {
  readonly group: string;
  readonly committed: number;
  readonly lag: number;
}

/** A partition as a strip from its first to its next offset, as long as it has messages; groups stand where they read. */
function partitionHtml(one: TopicDescription['partitions'][number], readers: readonly Reader[], most: number): string {
  const { partition, first, next, messages, leader } = one;
  const groups = readers.slice(0, MOST_GROUPS).map(({ group, committed, lag }) => {
    const done = share(committed - first, next - first);
    const behind = lag === 0 ? 'has read all' : `is ${grouped(lag)} behind`;
    const label = `<span style="${QUIET}${ONE_LINE}${LABEL}padding-left:2em;">${segmentsHtml(visible(group))}</span>`;
    const bar = `<span style="display:inline-block;width:calc(${share(messages, most)} * .45);min-width:24px;height:6px;border-radius:3px;overflow:hidden;vertical-align:middle;${TRACK}"><span style="display:block;height:6px;width:${done};${tint('background-color', lag === 0 ? 'good' : 'warning')}"></span></span>`;
    return `<div style="${ONE_LINE}">${label} ${bar} <span style="${QUIET}">at ${grouped(committed)}, ${escapeHtml(behind)}</span></div>`;
  });
  const hidden = readers.length - groups.length;
  if (hidden > 0) groups.push(`<div style="padding-left:2em;${QUIET}">and ${counted(hidden, 'more group')}</div>`);
  const strip = `<span style="display:inline-block;width:calc(${share(messages, most)} * .45);min-width:2px;height:10px;border-radius:2px;vertical-align:middle;${tint('background-color', 'brand')}"></span>`;
  const label = `<span style="${LABEL}">partition ${partition} <span style="${QUIET}">leader ${leader}</span></span>`;
  return `<div style="margin:.4em 0;"><div style="${ONE_LINE}">${label} ${strip} <span style="font-variant-numeric:tabular-nums;${QUIET}">${grouped(first)} to ${grouped(next)}: ${counted(messages, 'message')}</span></div>${groups.join('')}</div>`;
}

/** A topic: its partitions as strips of offsets, the groups that read it, and how far behind they are. */
export function topicBundle(topic: TopicDescription): MimeBundle {
  const { name, partitions, groups } = topic;
  const shown = partitions.slice(0, MOST_PARTITIONS);
  const most = Math.max(0, ...partitions.map((one) => one.messages));
  const messages = partitions.reduce((sum, one) => sum + one.messages, 0);
  const lag = groups.reduce((sum, one) => sum + one.lag, 0);
  const readers = (partition: number): Reader[] =>
    groups.filter((one) => one.topic === name && one.partition === partition);
  const parts = [counted(partitions.length, 'partition'), counted(messages, 'message')];
  const count = new Set(groups.map((one) => one.group)).size;
  if (count > 0) parts.push(`${counted(count, 'group')}, ${grouped(lag)} behind`);
  const hidden = partitions.length - shown.length;
  const more = hidden > 0 ? `<div style="${QUIET}">⋮ ${counted(hidden, 'more partition')}</div>` : '';
  const head = `<div><span style="font-weight:600;">${segmentsHtml(visible(name))}</span> <span style="${QUIET}">${escapeHtml(parts.join(', '))}</span></div>`;
  const html = `<div style="max-width:64em;margin:.25em 0 .5em;font-size:var(--jp-ui-font-size1,13px);font-family:var(--jp-ui-font-family,sans-serif);${tint('color', 'text')}">${head}${shown.map((one) => partitionHtml(one, readers(one.partition), most)).join('')}${more}</div>`;
  const rows = partitions.flatMap(({ partition, first, next, messages: held, leader }) => {
    const left = [partition, leader, first, next, held];
    const own = readers(partition);
    return own.length === 0
      ? [left]
      : own.map(({ group, committed, lag: behind }) => [...left, group, committed, behind]);
  });
  const columns = ['partition', 'leader', 'first offset', 'next offset', 'messages', 'group', 'committed', 'lag'];
  const text = table({ caption: `${name}: ${parts.join(', ')}`, columns: columns.map((one) => ({ name: one })), rows });
  return { 'text/html': html, 'text/plain': text['text/plain'] };
}
