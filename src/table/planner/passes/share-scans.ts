import type { PlanField } from '../../plan/field.js';
import type { InlineScan, Project, Rel, Scan } from '../../plan/rel.js';
import { inputRef } from '../../plan/rex.js';
import { inputsOfRel, mapRel } from '../../plan/visit-rel.js';

const keyOf = (scan: Scan | InlineScan): string =>
  JSON.stringify(scan.kind === 'scan' ? [scan.table, scan.options ?? {}] : scan.id);

/**
 * A table that is read in several places is read once, with all columns that any of them needs: so its rows come in one
 * order everywhere.
 *
 * @see Flink: `table.optimizer.reuse-source-enabled`
 */
export function shareScans(rel: Rel): Rel {
  const scans = new Map<string, { first: Scan | InlineScan; fields: Map<string, PlanField>; times: number }>();
  const seen = new Set<Rel>();
  const collect = (one: Rel): void => {
    if (seen.has(one)) return;
    seen.add(one);
    if (one.kind === 'scan' || one.kind === 'inlineScan') {
      const known = scans.get(keyOf(one)) ?? { first: one, fields: new Map<string, PlanField>(), times: 0 };
      for (const field of one.fields) known.fields.set(field.name, field);
      known.times++;
      scans.set(keyOf(one), known);
    }
    inputsOfRel(one).forEach(collect);
  };
  collect(rel);
  const shared = new Map<string, Scan | InlineScan>();
  for (const [key, { first, fields, times }] of scans) {
    if (times > 1) shared.set(key, { ...first, fields: [...fields.values()] });
  }
  if (shared.size === 0) return rel;
  return mapRel(rel, (one) => {
    if (one.kind !== 'scan' && one.kind !== 'inlineScan') return one;
    const whole = shared.get(keyOf(one));
    return whole === undefined ? one : chosen(whole, one.fields);
  });
}

function chosen(scan: Scan | InlineScan, fields: readonly PlanField[]): Rel {
  if (scan.fields.length === fields.length && fields.every((field, i) => field.name === scan.fields[i]?.name))
    return scan;
  const expressions = fields.map((field) =>
    inputRef(
      scan.fields.findIndex((one) => one.name === field.name),
      field.type,
    ),
  );
  const made: Project = { kind: 'project', input: scan, expressions, fields };
  return made;
}
