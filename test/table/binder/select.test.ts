import { describe, expect, it } from 'vitest';
import { Session } from './bound.js';

const session = new Session();
const NUMS = 'LogicalTableScan(table=[[default_catalog, default_database, nums]])';

describe('SELECT', () => {
  it('filters below the projection', () => {
    expect(session.plan('SELECT k + 1 AS n, g FROM nums WHERE v > 5')).toEqual([
      'LogicalProject(n=[+($0, 1)], g=[$2])',
      '+- LogicalFilter(condition=[>($1, 5)])',
      `   +- ${NUMS}`,
    ]);
  });

  it('aggregates over a projection of what is needed, each expression once', () => {
    expect(
      session.plan('SELECT g, SUM(v) AS s, COUNT(*) AS c, SUM(v) + 1 AS t FROM nums GROUP BY g HAVING SUM(v) > 2'),
    ).toEqual([
      'LogicalProject(g=[$0], s=[$1], c=[$2], t=[+($1, 1)])',
      '+- LogicalFilter(condition=[>($1, 2)])',
      '   +- LogicalAggregate(group=[{0}], s=[SUM($1)], c=[COUNT()])',
      '      +- LogicalProject(g=[$2], v=[$1])',
      `         +- ${NUMS}`,
    ]);
  });

  it('finds the expressions of GROUP BY in those of SELECT', () => {
    expect(
      session
        .plan("SELECT k / 2 AS half, COUNT(DISTINCT v) FILTER (WHERE g <> 'x') AS c FROM nums GROUP BY k / 2")
        .slice(0, 2),
    ).toEqual([
      'LogicalAggregate(group=[{0}], c=[COUNT(DISTINCT $1) FILTER $2])',
      "+- LogicalProject(half=[/($0, 2)], v=[$1], $f2=[IS TRUE(<>($2, _UTF-16LE'x'))])",
    ]);
  });

  it('writes ROLLUP, CUBE and GROUPING SETS out, and makes their columns nullable', () => {
    expect(session.plan('SELECT g, k, COUNT(*) AS c FROM nums GROUP BY ROLLUP (g, k)')[0]).toBe(
      'LogicalAggregate(group=[{0, 1}], groups=[[{0, 1}, {0}, {}]], c=[COUNT()])',
    );
    expect(session.plan('SELECT k, COUNT(*) AS c FROM nums GROUP BY g, CUBE (k, v)').join('\n')).toContain(
      'groups=[[{0, 1, 2}, {0, 1}, {0, 2}, {0}]]',
    );
    expect(
      session.columns('SELECT x, SUM(x) AS s, GROUPING(x) AS n FROM strict GROUP BY GROUPING SETS ((x), ())'),
    ).toEqual(['x BIGINT', 's BIGINT NOT NULL', 'n BIGINT NOT NULL']);
  });

  it('sums a column without NULL to NULL only where there may be no row', () => {
    expect(session.columns('SELECT SUM(x) AS s FROM strict')).toEqual(['s BIGINT']);
    expect(session.columns('SELECT SUM(x) AS s FROM strict GROUP BY s')).toEqual(['s BIGINT NOT NULL']);
    expect(session.columns('SELECT SUM(x) FILTER (WHERE x > 1) AS s FROM strict GROUP BY s')).toEqual(['s BIGINT']);
  });

  it('sorts by position, by alias, by what is not shown', () => {
    expect(session.plan('SELECT g AS v, k FROM nums ORDER BY v DESC, 2, nums.v + 1 LIMIT 5 OFFSET 2')).toEqual([
      'LogicalProject(v=[$0], k=[$1])',
      '+- LogicalSort(sort0=[$0], sort1=[$1], sort2=[$2], dir0=[DESC-nulls-last], dir1=[ASC-nulls-first], dir2=[ASC-nulls-first], offset=[2], fetch=[5])',
      '   +- LogicalProject(v=[$2], k=[$0], EXPR$2=[+($1, 1)])',
      `      +- ${NUMS}`,
    ]);
  });

  it('keeps no order of a query within another', () => {
    expect(session.plan('SELECT k FROM (SELECT k FROM nums ORDER BY v) AS t').join()).not.toContain('Sort');
    expect(session.plan('SELECT k FROM (SELECT k FROM nums ORDER BY v LIMIT 1) AS t').join()).toContain('Sort');
  });

  it('names unnamed columns by how many names there are before', () => {
    expect(session.columns('SELECT g, nums.g, k + 1, COUNT(*) FROM nums GROUP BY g, k')).toEqual([
      'g STRING',
      'g0 STRING',
      'EXPR$1 INT',
      'EXPR$2 BIGINT NOT NULL',
    ]);
  });
});

describe('names', () => {
  it('expands * with USING and NATURAL: common columns first and once', () => {
    expect(session.columns('SELECT * FROM a JOIN strict USING (s)')).toEqual([
      's STRING',
      'x INT',
      'x0 BIGINT NOT NULL',
    ]);
    expect(session.columns('SELECT * FROM a NATURAL LEFT JOIN b')).toEqual(['x INT', 's STRING']);
    expect(session.plan('SELECT x FROM a FULL JOIN b USING (x)')[0]).toBe('LogicalProject(x=[COALESCE($0, $2)])');
  });

  it('makes the outer side of a join nullable', () => {
    expect(session.columns('SELECT strict.x FROM a LEFT JOIN strict ON a.x = strict.x')).toEqual(['x BIGINT']);
    expect(session.columns('SELECT strict.x FROM a RIGHT JOIN strict ON a.x = strict.x')).toEqual([
      'x BIGINT NOT NULL',
    ]);
  });

  it('finds tables by their path and columns by their fields', () => {
    expect(
      session.columns('SELECT default_catalog.default_database.a.x, r.a, nested.r.b FROM default_database.a, nested'),
    ).toEqual(['x INT', 'a INT', 'b STRING']);
    expect(session.columns('SELECT nested.r.* FROM nested')).toEqual(['a INT', 'b STRING']);
  });

  it('hides tables by those of WITH, and keeps case apart', () => {
    expect(session.columns('WITH a (y) AS (SELECT k FROM nums) SELECT * FROM a')).toEqual(['y INT']);
    expect(() => session.bind('SELECT X FROM a')).toThrow(/Column 'X' not found.*did you mean `x`/s);
  });

  it('widens the types of set operations and of VALUES', () => {
    expect(session.columns('SELECT 1 AS v UNION ALL SELECT 2.5 UNION ALL SELECT CAST(3 AS BIGINT)')).toEqual([
      'v DECIMAL(20, 1) NOT NULL',
    ]);
    expect(session.columns("SELECT * FROM (VALUES (1, 'a'), (CAST(NULL AS INT), 'bb')) AS t (n, s)")).toEqual([
      'n INT',
      's VARCHAR(2) NOT NULL',
    ]);
  });

  it('joins collections, and passes on what they are made of', () => {
    expect(session.columns('SELECT id, e FROM nested LEFT JOIN UNNEST(arr) AS t (e) ON TRUE')).toEqual([
      'id INT',
      'e INT',
    ]);
    expect(session.columns('SELECT t FROM nested, UNNEST(arr) AS t')).toEqual(['t INT']);
    expect(session.columns('SELECT k, v FROM nested, UNNEST(m) AS t (k, v)')).toEqual(['k STRING', 'v INT']);
  });
});

describe('time', () => {
  it('stays with a column that is passed on, and with nothing else', () => {
    expect(
      session.columns('SELECT rowtime, rowtime AS r2, CAST(rowtime AS TIMESTAMP(3)) AS c, pt FROM orders'),
    ).toEqual([
      'rowtime TIMESTAMP(3) *rowtime*',
      'r2 TIMESTAMP(3) *rowtime*',
      'c TIMESTAMP(3)',
      'pt TIMESTAMP_LTZ(3) NOT NULL *proctime*',
    ]);
  });

  it('has a watermark above the computed columns', () => {
    expect(session.plan('SELECT name FROM orders').map((line) => line.replace(/:INTERVAL \w+(\(\d\))?/, ''))).toEqual([
      'LogicalProject(name=[$0])',
      '+- LogicalWatermarkAssigner(rowtime=[rowtime], watermark=[-($2, 3000)])',
      '   +- LogicalProject(name=[$0], price=[$1], rowtime=[$2], pt=[PROCTIME()])',
      '      +- LogicalTableScan(table=[[default_catalog, default_database, orders]])',
    ]);
  });

  it('makes windows by table functions, arguments by name or by place', () => {
    const window =
      'window_start TIMESTAMP(3) NOT NULL|window_end TIMESTAMP(3) NOT NULL|window_time TIMESTAMP(3) NOT NULL *rowtime*';
    const of = (call: string) =>
      session.columns(`SELECT window_start, window_end, window_time FROM TABLE(${call})`).join('|');
    expect(of("TUMBLE(TABLE orders, DESCRIPTOR(rowtime), INTERVAL '5' SECOND)")).toBe(window);
    expect(
      of(
        "HOP(SIZE => INTERVAL '5' SECOND, SLIDE => INTERVAL '1' SECOND, DATA => TABLE orders, TIMECOL => DESCRIPTOR(rowtime))",
      ),
    ).toBe(window);
    expect(of("SESSION((SELECT * FROM orders) PARTITION BY name, DESCRIPTOR(rowtime), INTERVAL '5' SECOND)")).toBe(
      window,
    );
    expect(
      session.bind(
        "SELECT * FROM TABLE(CUMULATE(TABLE orders, DESCRIPTOR(pt), INTERVAL '1' SECOND, INTERVAL '5' SECOND))",
      ).rel,
    ).toMatchObject({ input: { kind: 'windowTvf', window: { type: 'cumulate', step: 1000, size: 5000, time: 3 } } });
  });

  it('groups by the older windows, and knows their bounds', () => {
    const sql = `SELECT HOP_START(rowtime, INTERVAL '1' SECOND, INTERVAL '1' MINUTE) AS s,
      HOP_ROWTIME(rowtime, INTERVAL '1' SECOND, INTERVAL '1' MINUTE) AS r, COUNT(*) AS c
      FROM orders GROUP BY name, HOP(rowtime, INTERVAL '1' SECOND, INTERVAL '1' MINUTE)`;
    expect(session.columns(sql)).toEqual(['s TIMESTAMP(3) NOT NULL', 'r TIMESTAMP(3) *rowtime*', 'c BIGINT NOT NULL']);
  });
});
