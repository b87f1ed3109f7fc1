import { columnAccess, type Row, rowClassOf } from '../../../core/rows/index.js';
import { type PlanField, planSchema } from '../../plan/field.js';

/** Makes a new row of a row's columns and, where there is one more column, its rank. */
export function compileWithRank(from: readonly PlanField[], to: readonly PlanField[]): (row: Row, rank: number) => Row {
  const columns = from.map(({ name }) => columnAccess('row', name));
  if (to.length > from.length) columns.push('rank');
  const text = `'use strict'; return (row, rank) => new Made(${columns.join(', ')});`;
  return new Function('Made', text)(rowClassOf(planSchema(to))) as (row: Row, rank: number) => Row;
}
