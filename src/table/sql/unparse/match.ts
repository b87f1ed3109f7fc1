import type { MatchRecognize, RowPattern } from '../ast/index.js';
import { commaList, orderByText } from './calls.js';
import { identifierText, type Writers, words } from './writer.js';

function quantifierText(minimum: number | undefined, maximum: number | undefined): string {
  if (minimum === 0 && maximum === undefined) return '*';
  if (minimum === 1 && maximum === undefined) return '+';
  if (minimum === 0 && maximum === 1) return '?';
  return minimum === maximum ? `{${minimum}}` : `{${minimum ?? ''},${maximum ?? ''}}`;
}

function patternText(node: RowPattern): string {
  const closed = (part: RowPattern, ...open: readonly RowPattern['kind'][]): string =>
    open.includes(part.kind) ? `(${patternText(part)})` : patternText(part);
  switch (node.kind) {
    case 'patternVariable':
      return identifierText(node.name);
    case 'patternSequence':
      return node.parts.map((part) => closed(part, 'patternSequence', 'patternAlternatives')).join(' ');
    case 'patternAlternatives':
      return node.parts.map((part) => closed(part, 'patternAlternatives')).join(' | ');
    case 'patternPermutation':
      return `PERMUTE(${node.parts.map(patternText).join(', ')})`;
    case 'patternExclusion':
      return `{- ${patternText(node.pattern)} -}`;
    default: {
      const inner = closed(node.pattern, 'patternSequence', 'patternAlternatives', 'patternQuantifier');
      return `${inner}${quantifierText(node.minimum, node.maximum)}${node.reluctant ? '?' : ''}`;
    }
  }
}

/** A table with MATCH_RECOGNIZE ( ... ) after it. */
export function matchText(w: Writers, node: MatchRecognize): string {
  const { afterMatch, measures, subsets } = node;
  const list = measures.map(({ expression, alias }) => `${w.expression(expression)} AS ${identifierText(alias)}`);
  const sets = subsets.map(({ name, members }) => `${identifierText(name)} = (${commaList(w, members)})`);
  const define = node.define.map(({ name, condition }) => `${identifierText(name)} AS ${w.expression(condition)}`);
  const pattern = words(node.strictStart && '^', patternText(node.pattern), node.strictEnd && '$');
  const inside = words(
    node.partitionBy.length > 0 && `PARTITION BY ${commaList(w, node.partitionBy)}`,
    orderByText(w, node.orderBy),
    list.length > 0 && `MEASURES ${list.join(', ')}`,
    node.rowsPerMatch && `${node.rowsPerMatch} PER MATCH`,
    afterMatch &&
      words('AFTER MATCH SKIP', afterMatch.skip, afterMatch.variable && identifierText(afterMatch.variable)),
    `PATTERN (${pattern})`,
    node.within && `WITHIN ${w.expression(node.within)}`,
    sets.length > 0 && `SUBSET ${sets.join(', ')}`,
    `DEFINE ${define.join(', ')}`,
  );
  return `${w.from(node.input)} MATCH_RECOGNIZE (${inside})`;
}
