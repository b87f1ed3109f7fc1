/** A statement of a text. */
export interface FoundStatement {
  /** As written, without the semicolon. */
  readonly text: string;
  /** With blanks in place of what stands before it: so that lines and columns in errors are the text's. */
  readonly inPlace: string;
}

/** The statements of a text that are complete, and what follows the last semicolon. */
export interface SplitText {
  readonly statements: readonly FoundStatement[];
  readonly rest: string;
  /** What is open at the end of `rest`: a quote or a comment. */
  readonly open: 'string' | 'name' | 'comment' | undefined;
}

// Whatever may hide a semicolon; unclosed ones reach to the end. `//` begins a comment in Flink, too.
const PIECE =
  /'(?:[^']|'')*(?<string>'|$)|`(?:[^`]|``)*(?<name>`|$)|\/\*.*?(?<comment>\*\/|$)|(?:--|\/\/)[^\n\r]*|(?<word>[A-Za-z_]\w*)|(?<end>;)|./gs;

/**
 * Takes a text apart at its semicolons, as Flink's client does: not at those in strings, in names between back-ticks and in
 * comments, nor at those of the INSERTs in a STATEMENT SET.
 *
 * @example splitStatements("SELECT ';'; SELECT 2").statements.length // 1, and `rest` is ' SELECT 2'
 */
export function splitStatements(text: string): SplitText {
  const statements: FoundStatement[] = [];
  let from = 0;
  let words: string[] = [];
  let open: SplitText['open'];
  for (const found of text.matchAll(PIECE)) {
    const { string, name, comment, word, end } = found.groups as Record<string, string | undefined>;
    const at = found.index ?? 0;
    if (string === '' || name === '' || comment === '') {
      open = string === '' ? 'string' : name === '' ? 'name' : 'comment';
    } else if (word !== undefined) words.push(word.toUpperCase());
    else if (end !== undefined && !insideSet(words)) {
      const piece = text.slice(from, at);
      if (inOneLine(piece) !== '') {
        const begin = from + (piece.length - piece.trimStart().length);
        const blanks = text.slice(0, begin).replace(/[^\r\n]/g, ' ');
        statements.push({ text: piece.trim(), inPlace: `${blanks}${piece.trim()}` });
      }
      from = at + 1;
      words = [];
    }
  }
  return { statements, rest: text.slice(from), open };
}

/** Whether these words are in the middle of `EXECUTE STATEMENT SET BEGIN ... END` (or EXPLAIN, COMPILE). */
function insideSet(words: readonly string[]): boolean {
  const begin = words.indexOf('BEGIN');
  return begin >= 2 && words[begin - 1] === 'SET' && words[begin - 2] === 'STATEMENT' && words.at(-1) !== 'END';
}

/** A statement in one line, for the history: comments are gone, and strings are as they were. */
export function inOneLine(statement: string): string {
  return statement
    .replace(PIECE, (piece) => {
      if (piece.startsWith('/*') && !piece.startsWith('/*+')) return ' ';
      if (piece.startsWith('--') || piece.startsWith('//')) return ' ';
      return piece === '\n' || piece === '\r' || piece === '\t' ? ' ' : piece;
    })
    .replace(/'(?:[^']|'')*'|`(?:[^`]|``)*`| {2,}/g, (piece) => (piece.startsWith(' ') ? ' ' : piece))
    .trim();
}
