import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { TableConnector, TableDescription } from '../../../src/table/connectors/contract.js';
import { datagenConnector } from '../../../src/table/connectors/datagen/index.js';
import { filesystemConnector } from '../../../src/table/connectors/filesystem/index.js';
import { FORMATS } from '../../../src/table/connectors/formats.js';
import { kafkaConnector, upsertKafkaConnector } from '../../../src/table/connectors/kafka/index.js';
import { LOOKUP_OPTIONS } from '../../../src/table/connectors/lookup/options.js';
import type { OptionList } from '../../../src/table/connectors/option-list.js';
import { blackholeConnector, printConnector } from '../../../src/table/connectors/print.js';
import { described } from './describe.js';

const CONNECTORS = [
  datagenConnector,
  printConnector,
  blackholeConnector,
  filesystemConnector,
  kafkaConnector,
  upsertKafkaConnector,
];
const LISTS = [...CONNECTORS.map(({ options }) => options as OptionList), ...FORMATS];
/** Those that Flink has, and our own. */
const PAGE_LISTS = [...LISTS, LOOKUP_OPTIONS];

const flink = JSON.parse(readFileSync(new URL('./fixtures/flink-options.json', import.meta.url), 'utf8')) as {
  readonly options: Record<string, string[]>;
};

test.each(LISTS.map((list) => [list.name, list] as const))(
  'every option that Flink has for %s is on the list',
  (name, list) => {
    const ours = new Set(list.entries.map(({ key }) => key));
    expect(flink.options[name]?.filter((key) => !ours.has(key))).toEqual([]);
  },
);

test.each(LISTS.map((list) => [list.name, list] as const))(
  'what is on the list of %s and not in Flink says so',
  (name, list) => {
    const theirs = new Set(flink.options[name]);
    const others = list.entries.filter(({ key, state }) => !theirs.has(key) && state !== 'own').map(({ key }) => key);
    // Kafka's own properties, which Flink passes on; and an option of its newer connectors.
    expect(others.filter((key) => !key.startsWith('properties.') && key !== 'scan.parallelism')).toEqual([]);
  },
);

/** Tables that are in order, as a person would write them. */
const GOOD: Record<string, { columns: string; options: Record<string, string>; more?: Partial<TableDescription> }> = {
  datagen: {
    columns: '(id INT, s STRING, ts TIMESTAMP(3), q BIGINT)',
    options: { 'fields.q.kind': 'sequence', 'fields.q.start': '1', 'fields.q.end': '5' },
  },
  print: { columns: '(id INT)', options: {} },
  blackhole: { columns: '(id INT)', options: {} },
  filesystem: {
    columns: '(id INT, day STRING)',
    options: { path: '.', format: 'csv' },
    more: { partitionedBy: ['day'] },
  },
  kafka: {
    columns: '(id INT, name STRING)',
    options: { topic: 't', 'value.format': 'json', 'key.format': 'raw', 'key.fields': 'name' },
  },
  'upsert-kafka': {
    columns: '(id INT, name STRING)',
    options: { topic: 't', 'value.format': 'json', 'key.format': 'json' },
    more: { primaryKey: [0] },
  },
};

function make({ name, source, sink }: TableConnector, more: Record<string, string> = {}): Set<string> {
  const { columns, options, more: rest } = GOOD[name] as (typeof GOOD)[string];
  const read = new Set<string>();
  const watched = new Proxy(
    { ...options, ...more },
    {
      get: (all, key) => {
        read.add(String(key));
        return Reflect.get(all, key);
      },
    },
  );
  source?.(described(columns, watched, rest));
  sink?.(described(columns, watched, rest));
  return read;
}

describe.each(CONNECTORS.map((one) => [one.name, one] as const))('%s', (name, connector) => {
  const { entries } = connector.options as OptionList;

  test('reads every option that it says it honours', () => {
    const read = make(connector);
    const columns = name === 'datagen' ? ['id', 's', 'ts', 'q'] : [];
    const unread = entries
      .filter(({ state }) => state !== 'refused')
      .filter(({ key }) => ![key, ...columns.map((column) => key.replace('#', column))].some((one) => read.has(one)))
      .map(({ key }) => key)
      // Read where something else asks for them: another mode, a column of another type.
      .filter((key) => !['scan.startup.specific-offsets'].includes(key));
    expect(unread).toEqual([]);
  });

  test('refuses by name what it does not carry out', () => {
    for (const { key, note } of entries.filter(({ state }) => state === 'refused')) {
      const option = key.replace('*', 'request.timeout.ms');
      expect(() => make(connector, { [option]: '77' })).toThrow(
        key.includes('*') ? `'${option}' is not carried out here` : `'${key}' is not carried out here: ${note}`,
      );
    }
  });

  test('says what there is, where an option is none', () => {
    expect(() => make(connector, { 'no-such': '1' })).toThrow(
      new RegExp(`Unsupported options found for '${name}'[^]*no-such[^]*Supported options:[^]*connector`),
    );
  });
});

test('a format has its options below its name, as the option says that names it', () => {
  const kafka = (options: Record<string, string>): unknown =>
    kafkaConnector.source?.(described('(id INT, name STRING)', { topic: 't', ...options }));
  expect(() => kafka({ format: 'csv', 'csv.field-delimiter': ';' })).not.toThrow();
  expect(() => kafka({ 'value.format': 'csv', 'value.csv.field-delimiter': ';' })).not.toThrow();
  expect(() => kafka({ format: 'csv', 'value.csv.field-delimiter': ';' })).toThrow('Unsupported options');
  expect(() => kafka({ format: 'csv', 'csv.field-delimeter': ';' })).toThrow("did you mean 'csv.field-delimiter'");
  expect(() => kafka({ format: 'csv', 'csv.field-delimiter': 'ab' })).toThrow('not one ASCII character');
  expect(() => kafka({ format: 'debezium-json' })).toThrow("the format 'debezium-json' is Flink's");
  expect(() => kafka({ format: 'jsn' })).toThrow("no format 'jsn'");
});

test('everything that is missing is told at once', () => {
  expect(() => filesystemConnector.source?.(described('(id INT)', {}))).toThrow("needs the options 'format', 'path'");
});

// ---- the page
const PAGE = new URL('../../../docs/connectors.md', import.meta.url);

/** The options of a list as the page shows them. */
function tableOf({ entries }: OptionList): string {
  const rows = entries.map(
    ({ key, usual, state, note }) =>
      `| \`${key}\` | ${usual === undefined ? '' : `\`${usual}\``} | ${state} | ${note} |`,
  );
  return entries.length === 0
    ? 'It has no options.'
    : ['| option | default | | |', '| --- | --- | --- | --- |', ...rows].join('\n');
}

// `UPDATE_DOCS=1 npx vitest run test/table/connectors/options.test.ts` writes the tables anew.
test('the page shows the options as the code has them', () => {
  const page = readFileSync(PAGE, 'utf8').replaceAll('\r\n', '\n');
  let updated = page;
  for (const list of PAGE_LISTS) {
    const block = new RegExp(`(<!-- options: ${list.name} -->\\n)[^]*?(<!-- end -->)`);
    expect(page).toMatch(block);
    updated = updated.replace(block, (_, begin: string, end: string) => `${begin}${tableOf(list)}\n${end}`);
  }
  if (process.env.UPDATE_DOCS === '1') writeFileSync(PAGE, updated);
  else expect(page).toBe(updated);
});
