import { describe, expect, it } from 'vitest';
import { scalarFunction, tableEnv, type } from '../../../src/index.js';

/** What a cluster is sent instead of a query in which a function of TypeScript is called. */
function sent(values: string): string {
  const t = tableEnv();
  const same = scalarFunction({ accepts: [type.int()], returns: type.int() }, (n) => n);
  t.createTemporarySystemFunction('same', same);
  return (
    t.sqlQuery(`SELECT *, same(1) AS m FROM (VALUES ${values}) AS v`).explain().split('== Flink SQL ==\n')[1] ?? ''
  );
}

describe('a list of VALUES', () => {
  it('of literals is sent as plain literals, of which Flink makes one step', () => {
    expect(sent("(-1, 'ab'), (2, 'c'), (CAST(NULL AS INT), '')")).toContain(
      "VALUES ('=-1', 'ab'), ('=2', 'c'), ('', '')",
    );
    const kinds = "TIMESTAMP '2024-01-01 00:00:00.5', DATE '2020-01-01', -1.50, 5E0, TRUE";
    expect(sent(`(${kinds})`)).toContain("VALUES ('=2024-01-01 00:00:00.5', '=2020-01-01', '=-1.50', '=5', TRUE)");
  });

  it('of what has to be computed is sent as that', () => {
    expect(sent('(RAND()), (1.5E0)')).toContain('VALUES (RAND()), (1.5E0)');
  });
});
