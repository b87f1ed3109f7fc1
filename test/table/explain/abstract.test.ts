import { describe, expect, it } from 'vitest';
import { Session } from '../binder/bound.js';

const session = new Session();

// As the real Flink 1.20.3 prints them.
describe('the abstract plan', () => {
  it('writes queries within expressions out, with what they refer to', () => {
    expect(session.plan('SELECT a.x FROM a WHERE a.x > (SELECT AVG(b.x) FROM b WHERE b.s = a.s)')).toEqual([
      'LogicalProject(x=[$0])',
      '+- LogicalFilter(condition=[>($0, $SCALAR_QUERY({',
      'LogicalAggregate(group=[{}], EXPR$0=[AVG($0)])',
      '  LogicalProject(x=[$0])',
      '    LogicalFilter(condition=[=($1, $cor0.s)])',
      '      LogicalTableScan(table=[[default_catalog, default_database, b]])',
      '}))], variablesSet=[[$cor0]])',
      '   +- LogicalTableScan(table=[[default_catalog, default_database, a]])',
    ]);
  });

  it('has a projection of a constant below COUNT(*)', () => {
    expect(session.plan('SELECT COUNT(*) FROM a HAVING COUNT(*) > 1')).toEqual([
      'LogicalFilter(condition=[>($0, 1)])',
      '+- LogicalAggregate(group=[{}], EXPR$0=[COUNT()])',
      '   +- LogicalProject($f0=[0])',
      '      +- LogicalTableScan(table=[[default_catalog, default_database, a]])',
    ]);
  });

  it('names groups and aggregates as SELECT does', () => {
    expect(
      session.plan("SELECT UPPER(g) || 'x', COUNT(*) + SUM(v) FROM nums GROUP BY UPPER(g) HAVING SUM(v) > 1"),
    ).toEqual([
      "LogicalProject(EXPR$0=[||($0, _UTF-16LE'x')], EXPR$1=[+($1, $2)])",
      '+- LogicalFilter(condition=[>($2, 1)])',
      '   +- LogicalAggregate(group=[{0}], agg#0=[COUNT()], agg#1=[SUM($1)])',
      '      +- LogicalProject($f0=[UPPER($2)], v=[$1])',
      '         +- LogicalTableScan(table=[[default_catalog, default_database, nums]])',
    ]);
    expect(session.plan('SELECT UPPER(g) AS u, COUNT(*) FROM nums GROUP BY UPPER(g)').slice(0, 2)).toEqual([
      'LogicalAggregate(group=[{0}], EXPR$1=[COUNT()])',
      '+- LogicalProject(u=[UPPER($2)])',
    ]);
  });
});
