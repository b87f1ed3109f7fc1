/** An operator of a chain, and those of the chain that it reads from. */
export interface ChainedOperator {
  readonly name: string;
  /** Its place in the chain; those it reads from come before it. */
  readonly from: number | undefined;
}

const ARROW = ' -> ';
const OPEN = '([{';
const CLOSE = ')]}';

/**
 * The operators of a step, read from its name as Flink writes it: `Source: a -> Calc[2] -> (Sink: b, Calc[3] -> Sink: c)`.
 *
 * @example chainOf('Source: a -> Calc[2]') // [{ name: 'Source: a', from: undefined }, { name: 'Calc[2]', from: 0 }]
 */
export function chainOf(step: string): ChainedOperator[] {
  const found: ChainedOperator[] = [];
  add(step, undefined);
  return found;

  function add(text: string, from: number | undefined): void {
    const end = ownEnd(text);
    found.push({ name: text.slice(0, end).trim(), from });
    const self = found.length - 1;
    if (end === text.length) return;
    const rest = text.slice(end + ARROW.length);
    const branches = rest.startsWith('(') && rest.endsWith(')') ? branchesOf(rest.slice(1, -1)) : [rest];
    for (const branch of branches) add(branch, self);
  }
}

/** Where the first operator of a chain ends: at an arrow that is in no brackets. */
function ownEnd(text: string): number {
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    const letter = text[i] as string;
    if (OPEN.includes(letter)) depth++;
    else if (CLOSE.includes(letter)) depth--;
    else if (depth <= 0 && text.startsWith(ARROW, i)) return i;
  }
  return text.length;
}

function branchesOf(text: string): string[] {
  const branches: string[] = [];
  let [depth, begin] = [0, 0];
  for (let i = 0; i < text.length; i++) {
    const letter = text[i] as string;
    if (OPEN.includes(letter)) depth++;
    else if (CLOSE.includes(letter)) depth--;
    else if (depth === 0 && text.startsWith(', ', i)) {
      branches.push(text.slice(begin, i));
      begin = i + 2;
    }
  }
  branches.push(text.slice(begin));
  return branches;
}

/** An operator's name as its figures have it. */
export function nameInFigures(name: string): string {
  return name.slice(0, 80).replace(/[ :.,]/g, '_');
}
