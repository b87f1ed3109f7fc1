import { expect, it } from 'vitest';
import { TableEnvironment } from '../../../src/table/index.js';

function executionPlan(sql: string): string[] {
  const t = new TableEnvironment();
  t.executeSql("CREATE TABLE a (x INT, s STRING) WITH ('connector' = 'datagen', 'number-of-rows' = '1')");
  const text = t.explainSql(sql).split('== Optimized Execution Plan ==\n')[1] as string;
  return (text.split('\n\n')[0] as string).trimEnd().split('\n');
}

// As the real Flink 1.20.3 prints them, but for the columns that are read.
it('says where rows are sent by key', () => {
  expect(executionPlan('SELECT s, COUNT(*) AS n FROM a GROUP BY s')).toEqual([
    'GroupAggregate(groupBy=[s], select=[s, COUNT(*) AS n])',
    '+- Exchange(distribution=[hash[s]])',
    '   +- TableSourceScan(table=[[default_catalog, default_database, a]], fields=[s])',
  ]);
});

it('writes what two steps read once', () => {
  expect(executionPlan('SELECT l.x FROM a AS l JOIN a AS r ON l.x = r.x')).toEqual([
    'Calc(select=[x])',
    '+- Join(joinType=[InnerJoin], where=[(x = x0)], select=[x, x0], leftInputSpec=[NoUniqueKey], rightInputSpec=[NoUniqueKey])',
    '   :- Exchange(distribution=[hash[x]])',
    '   :  +- TableSourceScan(table=[[default_catalog, default_database, a]], fields=[x])(reuse_id=[1])',
    '   +- Exchange(distribution=[hash[x]])',
    '      +- Reused(reference_id=[1])',
  ]);
});
