import { describe, expect, it } from 'vitest';
import { tableEnv } from '../../../src/table/index.js';

describe('EXPLAIN', () => {
  const t = tableEnv();
  t.executeSql("CREATE TABLE o (id INT, name STRING) WITH ('connector' = 'datagen')");
  t.executeSql("CREATE TABLE k (name STRING, n BIGINT) WITH ('connector' = 'print')");
  const section = (text: string, name: string): string =>
    text
      .split(/^== /m)
      .find((one) => one.startsWith(`${name} ==`))
      ?.slice(name.length + 4)
      .trim() ?? '';

  it('tells of the job as JSON when asked to', () => {
    const text = t.explainSql('EXPLAIN JSON_EXECUTION_PLAN INSERT INTO k SELECT name, COUNT(*) FROM o GROUP BY name');
    const json = section(text, 'Physical Execution Plan');
    const { nodes } = JSON.parse(json) as { nodes: { type: string; pact: string; predecessors?: object[] }[] };
    expect(nodes.map(({ type, pact }) => [type.replace(/\[\d+\]/, ''), pact])).toEqual([
      ['Source: o', 'Data Source'],
      ['GroupAggregate', 'Operator'],
      ['Calc', 'Operator'],
      ['Sink: k', 'Data Sink'],
    ]);
    expect(nodes[1]?.predecessors).toEqual([{ id: 1, ship_strategy: 'HASH', side: 'second' }]);
    // The form is that of Flink, too.
    expect(json.split('\n').slice(0, 8).join('\n')).toBe(
      `{
  "nodes" : [ {
    "id" : 1,
    "type" : "Source: o[1]",
    "pact" : "Data Source",
    "contents" : "[1]:TableSourceScan(table=[[default_catalog, default_database, o]], fields=[name])",
    "parallelism" : 1
  }, {`,
    );
    expect(section(t.explainSql('SELECT id FROM o'), 'Physical Execution Plan')).toBe('');
  });

  it('tells of all INSERTs of a statement set together', () => {
    const text = t.explainSql(
      'EXPLAIN STATEMENT SET BEGIN INSERT INTO k SELECT name, COUNT(*) FROM o GROUP BY name; INSERT INTO k SELECT name, 1 FROM o; END',
    );
    expect(text.match(/^== .* ==$/gm)).toEqual([
      '== Abstract Syntax Tree ==',
      '== Optimized Physical Plan ==',
      '== Optimized Execution Plan ==',
      '== State ==',
    ]);
    expect(section(text, 'Abstract Syntax Tree').match(/^LogicalSink/gm)).toHaveLength(2);
    // Both read the same steps, once.
    expect(section(text, 'Optimized Execution Plan')).toMatch(/\(reuse_id=\[1\]\)[\s\S]*Reused\(reference_id=\[1\]\)/);
  });

  it('shows what STATE_TTL says', () => {
    const one = t.explainSql("SELECT /*+ STATE_TTL('o' = '36h') */ name, COUNT(*) AS n FROM o GROUP BY name");
    expect(section(one, 'Optimized Physical Plan')).toContain('stateTtlHints=[[[STATE_TTL options:[36h]]]]');
    const both = t.explainSql(
      "SELECT /*+ STATE_TTL('a' = '1d', 'b' = '2h') */ a.id FROM o AS a JOIN o AS b ON a.name = b.name",
    );
    expect(section(both, 'Optimized Physical Plan')).toContain(
      'stateTtlHints=[[[STATE_TTL options:{LEFT=1d, RIGHT=2h}]]]',
    );
  });

  it('names what it does not tell', () => {
    const text = t.explainSql('EXPLAIN ESTIMATED_COST, CHANGELOG_MODE SELECT id FROM o');
    expect(section(text, 'Not told')).toBe('ESTIMATED_COST: no costs are estimated here');
    expect(text).toContain('changelogMode=[I]');
  });
});
