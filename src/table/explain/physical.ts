import { changelogModeText } from '../physical/changelog-mode.js';
import { changelogOf, nodeText, type PhysicalNode } from '../physical/node.js';

/**
 * A physical plan as Flink prints it, with the changes that each step gives:
 *
 *     GroupAggregate(groupBy=[name], select=[name, COUNT(*) AS n], changelogMode=[I,UB,UA])
 *     +- TableSourceScan(table=[[default_catalog, default_database, t]], fields=[name], changelogMode=[I])
 */
export function physicalPlanText(node: PhysicalNode): string {
  const lines: string[] = [];
  const visit = (one: PhysicalNode, first: string, others: string): void => {
    const mode = changelogModeText(changelogOf(one));
    const text = nodeText(one);
    const parts = [...stateTtlHints(one), `changelogMode=[${mode}]`].join(', ');
    lines.push(`${first}${text.slice(0, -1)}${text.endsWith('()') ? '' : ', '}${parts})`);
    one.inputs.forEach((input, i) => {
      const last = i === one.inputs.length - 1;
      visit(input, `${others}${last ? '+- ' : ':- '}`, `${others}${last ? '   ' : ':  '}`);
    });
  };
  visit(node, '', '');
  return `${lines.join('\n')}\n`;
}

/** What the hint STATE_TTL says of a step. */
function stateTtlHints({ detail }: PhysicalNode): string[] {
  const { ttlMs } = (detail ?? {}) as {
    readonly ttlMs?: number | { readonly left?: number; readonly right?: number };
  };
  if (ttlMs === undefined) return [];
  if (typeof ttlMs === 'number') return [`stateTtlHints=[[[STATE_TTL options:[${shortDuration(ttlMs)}]]]]`];
  const sides = [
    ...(ttlMs.left === undefined ? [] : [`LEFT=${shortDuration(ttlMs.left)}`]),
    ...(ttlMs.right === undefined ? [] : [`RIGHT=${shortDuration(ttlMs.right)}`]),
  ];
  return [`stateTtlHints=[[[STATE_TTL options:{${sides.join(', ')}}]]]`];
}

/** `1d`, `12h`, `90s`: in the largest unit that makes a whole number of it. */
function shortDuration(ms: number): string {
  const [unit, size] = (
    [
      ['d', 86_400_000],
      ['h', 3_600_000],
      ['min', 60_000],
      ['s', 1000],
    ] as const
  ).find(([, one]) => ms >= one && ms % one === 0) ?? ['ms', 1];
  return `${ms / size}${unit}`;
}

/** A sentence for each step whose state grows as long as the job runs; none when `table.exec.state.ttl` bounds it. */
export function unboundedStateWarnings(node: PhysicalNode, stateTtlMs = 0): string[] {
  if (stateTtlMs > 0) return [];
  const warnings = new Set<string>();
  const visit = (one: PhysicalNode): void => {
    const kept = one.kind.unboundedState?.(one);
    if (kept !== undefined) {
      warnings.add(
        `${one.kind.name} keeps ${kept} for ever; SET 'table.exec.state.ttl' = '1 h' would forget what was not touched for an hour`,
      );
    }
    one.inputs.forEach(visit);
  };
  visit(node);
  return [...warnings];
}
