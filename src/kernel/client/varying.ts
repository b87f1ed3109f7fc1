import { stripVTControlCharacters } from 'node:util';

/** What the run was like: by it a time of now is told from a time that belongs to the data. */
export interface Run {
  readonly startedAt: number;
  readonly endedAt: number;
}

interface Kind {
  readonly name: string;
  readonly pattern: string;
  /** Whether `got` may stand where another text of this kind was committed. Always, unless said. */
  readonly mayDiffer?: (got: string, run: Run) => boolean;
}

const hourMs = 3_600_000;

function within(time: number, { startedAt, endedAt }: Run): boolean {
  // An hour more on both sides: a lesson may say what will happen in a while.
  return time >= startedAt - hourMs && time <= endedAt + hourMs;
}

/** A time without a zone is meant either as UTC or as the machine's own. */
function isNow(text: string, run: Run): boolean {
  const iso = text.replace(' ', 'T');
  return within(Date.parse(iso), run) || (!/(?:Z|[+-]\d\d:?\d\d)$/.test(iso) && within(Date.parse(`${iso}Z`), run));
}

function isNowOfDay(text: string, run: Run): boolean {
  const local = new Date(run.endedAt);
  const day = [local.getFullYear(), local.getMonth() + 1, local.getDate()].map((n) => String(n).padStart(2, '0'));
  return isNow(`${day.join('-')}T${text}`, run) || isNow(`${local.toISOString().slice(0, 10)}T${text}Z`, run);
}

const number = String.raw`\d[\d,]*(?:\.\d+)?`;

/** First match wins, so the longer forms stand first. */
const kinds: readonly Kind[] = [
  { name: 'uuid', pattern: String.raw`\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b` },
  {
    name: 'time',
    pattern: String.raw`\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?`,
    mayDiffer: isNow,
  },
  { name: 'time of day', pattern: String.raw`\b\d\d:\d\d:\d\d(?:\.\d+)?\b`, mayDiffer: isNowOfDay },
  { name: 'epoch ms', pattern: String.raw`\b[12]\d{12}\b`, mayDiffer: (got, run) => within(Number(got), run) },
  { name: 'address', pattern: String.raw`(?:\b(?:127\.0\.0\.1|0\.0\.0\.0|localhost)|\[::1\]):\d+` },
  { name: 'port', pattern: String.raw`\bport \d+` },
  { name: 'process', pattern: String.raw`\bpid \d+` },
  { name: 'rate', pattern: String.raw`\b${number} ?(?:[A-Za-z]+ ?)?(?:\/ ?s\b|\/ ?sec\b|per second\b|a second\b)` },
  {
    name: 'duration',
    pattern: String.raw`\b${number} ?(?:ns|µs|ms|s|sec|min|h|milliseconds?|seconds?|minutes?|hours?)\b`,
  },
];

const pattern = new RegExp(kinds.map((kind, index) => `(?<k${index}>${kind.pattern})`).join('|'), 'g');

interface Piece {
  readonly kind: Kind;
  readonly text: string;
}

/** The text with its varying pieces taken out, and those pieces. */
function split(text: string): { readonly frame: string; readonly pieces: readonly Piece[] } {
  const pieces: Piece[] = [];
  const frame = text.replace(pattern, (match, ...rest) => {
    const groups = rest.at(-1) as Record<string, string | undefined>;
    const kind = kinds[kinds.findIndex((_kind, index) => groups[`k${index}`] !== undefined)]!;
    pieces.push({ kind, text: match });
    return `<${kind.name}>`;
  });
  return { frame, pieces };
}

/** What people see: no colours, no spaces at the ends of lines. */
export function plain(text: string): string {
  return stripVTControlCharacters(text)
    .replace(/[ \t]+$/gm, '')
    .trimEnd();
}

/**
 * Whether two texts say the same, apart from what differs from run to run: durations, rates, ports, addresses, UUIDs,
 * and times of the run itself. A time that belongs to the data has to be the same.
 *
 * @returns undefined when they do; otherwise both texts as they are to be compared by eye, with the pieces that may
 *   differ replaced
 */
export function difference(
  committed: string,
  got: string,
  run: Run,
): { readonly committed: string; readonly got: string } | undefined {
  const [left, right] = [split(plain(committed)), split(plain(got))];
  const allowed = right.pieces.map((piece, index) => {
    const other = left.pieces[index];
    if (other === undefined || other.kind !== piece.kind) return false;
    return piece.text === other.text || (piece.kind.mayDiffer?.(piece.text, run) ?? true);
  });
  const sameFrame = left.frame === right.frame;
  if (sameFrame && allowed.every(Boolean)) return undefined;
  // Pieces that may differ anyway would only distract.
  const show = (text: string): string => {
    let index = -1;
    return plain(text).replace(pattern, (match, ...rest) => {
      index++;
      const groups = rest.at(-1) as Record<string, string | undefined>;
      const kind = kinds[kinds.findIndex((_kind, at) => groups[`k${at}`] !== undefined)]!;
      return (sameFrame ? allowed[index] : kind.mayDiffer === undefined) ? `<${kind.name}>` : match;
    });
  };
  return { committed: show(committed), got: show(got) };
}
