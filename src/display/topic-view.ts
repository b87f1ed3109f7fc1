import type { MimeBundle } from '../core/display.js';
import type { TopicDescription, TopicList } from '../kafka/topics.js';
import { counted, grouped } from './cell.js';
import { read } from './compact.js';
import { escapeHtml, QUIET, segmentsHtml, strong, TRACK, tint } from './html.js';
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

/** Several topics of one broker. */
export function isTopicList(data: object): data is TopicList {
  const list = read(data, 'topics');
  return typeof read(data, 'broker') === 'string' && Array.isArray(list) && list.every(isTopic);
}

interface Counts {
  readonly messages: number;
  readonly groups: number;
  readonly lag: number;
}

function countsOf({ partitions, groups }: TopicDescription): Counts {
  return {
    messages: partitions.reduce((sum, one) => sum + one.messages, 0),
    groups: new Set(groups.map((one) => one.group)).size,
    lag: groups.reduce((sum, one) => sum + one.lag, 0),
  };
}

/** `3 partitions, 1,225 messages, 1 group, 12 behind` */
function summaryOf(topic: TopicDescription): string {
  const { messages, groups, lag } = countsOf(topic);
  const parts = [counted(topic.partitions.length, 'partition'), counted(messages, 'message')];
  if (groups > 0) parts.push(`${counted(groups, 'group')}, ${grouped(lag)} behind`);
  return parts.join(', ');
}

function readersOf({ name, groups }: TopicDescription, partition: number): Reader[] {
  return groups.filter((one) => one.topic === name && one.partition === partition);
}

/** @param most the messages of the longest partition, which has the longest strip */
function topicHtml(topic: TopicDescription, most: number, mostPartitions: number): string {
  const { name, partitions } = topic;
  const shown = partitions.slice(0, mostPartitions);
  const hidden = partitions.length - shown.length;
  const more = hidden > 0 ? `<div style="${QUIET}">⋮ ${counted(hidden, 'more partition')}</div>` : '';
  const head = `<div style="overflow-wrap:anywhere;">${strong(segmentsHtml(visible(name)))} <span style="${QUIET}">${escapeHtml(summaryOf(topic))}</span></div>`;
  return `${head}${shown.map((one) => partitionHtml(one, readersOf(topic, one.partition), most)).join('')}${more}`;
}

function framed(content: string): string {
  return `<div style="max-width:64em;margin:.25em 0 .5em;font-size:var(--jp-ui-font-size1,13px);font-family:var(--jp-ui-font-family,sans-serif);${tint('color', 'text')}">${content}</div>`;
}

const COLUMNS = ['partition', 'leader', 'first offset', 'next offset', 'messages', 'group', 'committed', 'lag'];

/** A row a partition, or a row for each group that reads it. */
function rowsOf(topic: TopicDescription): unknown[][] {
  return topic.partitions.flatMap(({ partition, first, next, messages, leader }) => {
    const left = [partition, leader, first, next, messages];
    const own = readersOf(topic, partition);
    return own.length === 0
      ? [left]
      : own.map(({ group, committed, lag: behind }) => [...left, group, committed, behind]);
  });
}

function longest(topics: readonly TopicDescription[]): number {
  return Math.max(0, ...topics.flatMap(({ partitions }) => partitions.map((one) => one.messages)));
}

/** A topic: its partitions as strips of offsets, the groups that read it, and how far behind they are. */
export function topicBundle(topic: TopicDescription): MimeBundle {
  const caption = `${topic.name}: ${summaryOf(topic)}`;
  const text = table({ caption, columns: COLUMNS.map((name) => ({ name })), rows: rowsOf(topic) });
  return {
    'text/html': framed(topicHtml(topic, longest([topic]), MOST_PARTITIONS)),
    'text/plain': text['text/plain'],
  };
}

const MOST_TOPICS = 40;
const MOST_PARTITIONS_EACH = 12;

/** The topics of a broker, one below the other, their strips in one scale. */
export function topicListBundle({ broker, topics }: TopicList): MimeBundle {
  const caption = `${counted(topics.length, 'topic')} at ${broker}`;
  const most = longest(topics);
  const shown = topics.slice(0, MOST_TOPICS);
  const each = topics.length === 1 ? MOST_PARTITIONS : MOST_PARTITIONS_EACH;
  const blocks = shown.map((topic) => `<div style="margin-top:.7em;">${topicHtml(topic, most, each)}</div>`);
  const hidden = topics.length - shown.length;
  if (hidden > 0) blocks.push(`<div style="margin-top:.7em;${QUIET}">⋮ ${counted(hidden, 'more topic')}</div>`);
  const text = table({
    caption,
    columns: ['topic', ...COLUMNS.filter((name) => name !== 'leader')].map((name) => ({ name })),
    rows: topics.flatMap((topic) =>
      rowsOf(topic).map(([partition, _leader, ...rest]) => [topic.name, partition, ...rest]),
    ),
  });
  return {
    'text/html': framed(`<div style="${QUIET}">${segmentsHtml(visible(caption))}</div>${blocks.join('')}`),
    'text/plain': text['text/plain'],
  };
}
