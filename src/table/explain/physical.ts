import { changelogModeText } from '../physical/changelog-mode.js';
import { changelogOf, type PhysicalNode } from '../physical/node.js';

/** A plan as a tree, the last step first, with the changes that each step gives. */
export function physicalPlanText(node: PhysicalNode): string {
  const lines: string[] = [];
  const visit = (one: PhysicalNode, first: string, rest: string): void => {
    const parts = [one.kind.describe(one), `changelogMode=[${changelogModeText(changelogOf(one))}]`];
    lines.push(`${first}${one.kind.name}(${parts.filter((part) => part !== '').join(', ')})`);
    one.inputs.forEach((input, i) => {
      const last = i === one.inputs.length - 1;
      visit(input, `${rest}${last ? '+- ' : ':- '}`, `${rest}${last ? '   ' : ':  '}`);
    });
  };
  visit(node, '', '');
  return lines.join('\n');
}

/** What the plan keeps without end: one line for each step whose state grows with its input. */
export function unboundedStateWarnings(node: PhysicalNode): string[] {
  const warnings: string[] = [];
  const seen = new Set<PhysicalNode>();
  const visit = (one: PhysicalNode): void => {
    if (seen.has(one)) return;
    seen.add(one);
    const kept = one.kind.unboundedState?.(one);
    if (kept !== undefined)
      warnings.push(`${one.kind.name} keeps ${kept}, for ever unless 'table.exec.state.ttl' is set`);
    for (const input of one.inputs) visit(input);
  };
  visit(node);
  return warnings;
}
