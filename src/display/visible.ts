/** A stretch of text. A mark stands for something that could not be seen itself. */
export interface Segment {
  readonly text: string;
  readonly mark: boolean;
}

// Sequences that need their invisible characters: joined emoji and letters, flags of regions.
const KEPT =
  '\\u{1f3f4}[\\u{e0020}-\\u{e007e}]+\\u{e007f}|(?<=[\\p{Extended_Pictographic}\\p{Emoji_Modifier}\\ufe0f]|(?![\\0-\\u007f])[\\p{L}\\p{M}])[\\u200c\\u200d](?=\\p{Extended_Pictographic}|(?![\\0-\\u007f])[\\p{L}\\p{M}])|[\\u0600-\\u0605\\u06dd\\u08e2\\u{110bd}\\u{110cd}]';
const UNSEEN =
  '[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}\\u00a0\\u034f\\u115f\\u1160\\u1680\\u17b4\\u17b5\\u2000-\\u200a\\u202f\\u205f\\u3164\\uffa0]';
const EITHER = new RegExp(`(${KEPT})|(${UNSEEN})`, 'gu');
const SUSPECT = new RegExp(`${UNSEEN}|^[ \\p{M}]| $`, 'u');

const NAMES: Readonly<Record<number, string>> = {
  9: '⇥',
  10: '↵',
  127: '␡',
  160: '␣',
  173: '⟨SHY⟩',
  8203: '⟨ZWSP⟩',
  8204: '⟨ZWNJ⟩',
  8205: '⟨ZWJ⟩',
  8206: '⟨LRM⟩',
  8207: '⟨RLM⟩',
  8234: '⟨LRE⟩',
  8235: '⟨RLE⟩',
  8236: '⟨PDF⟩',
  8237: '⟨LRO⟩',
  8238: '⟨RLO⟩',
  8294: '⟨LRI⟩',
  8295: '⟨RLI⟩',
  8296: '⟨FSI⟩',
  8297: '⟨PDI⟩',
  65279: '⟨BOM⟩',
};

function nameOf(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const name = NAMES[code];
  if (name !== undefined) return name;
  if (code < 32) return String.fromCharCode(0x2400 + code);
  return `⟨U+${code.toString(16).toUpperCase().padStart(4, '0')}⟩`;
}

/**
 * Text in which nothing is hidden: control characters, line breaks, zero-width and direction-changing characters become
 * marks (`↵`, `⇥`, `␀`, `⟨RLO⟩`, `⟨U+2060⟩`), and so do spaces at either end (`·`). A combining mark at the start gets
 * something to stand on. What joins emoji or letters stays.
 *
 * @param wholeEnd false when the text was cut, so that a space at its end means nothing
 */
export function visible(text: string, wholeEnd = true): Segment[] {
  if (!SUSPECT.test(text)) return text === '' ? [] : [{ text, mark: false }];
  const segments: Segment[] = [];
  const push = (part: string, mark: boolean): void => {
    if (part === '') return;
    const previous = segments.at(-1);
    if (previous?.mark === mark) segments[segments.length - 1] = { text: previous.text + part, mark };
    else segments.push({ text: part, mark });
  };
  const lead = /^ */.exec(text)?.[0].length ?? 0;
  let end = text.length;
  if (wholeEnd) while (end > lead && text[end - 1] === ' ') end--;
  push('·'.repeat(lead), true);
  if (/^\p{M}/u.test(text.slice(lead, lead + 2))) push('◌', true);
  const middle = text.slice(lead, end);
  let from = 0;
  for (const match of middle.matchAll(EITHER)) {
    if (match[1] !== undefined) continue;
    const at = match.index ?? 0;
    push(middle.slice(from, at), false);
    push(nameOf(match[0]), true);
    from = at + match[0].length;
  }
  push(middle.slice(from), false);
  push('·'.repeat(text.length - end), true);
  return segments;
}

let segmenter: Intl.Segmenter | undefined;

function countCharacters(text: string, from: number): number {
  let count = 0;
  for (let i = from; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit >= 0xdc00 && unit < 0xe000) {
      const before = i > from ? text.charCodeAt(i - 1) : 0;
      if (before >= 0xd800 && before < 0xdc00) continue;
    }
    count++;
  }
  return count;
}

/**
 * The first `max` characters as a reader counts them (an emoji or a letter with its accents is one), and how many
 * code points were left out. A few more than `max` are let through rather than folded.
 */
export function cut(text: string, max: number): { readonly text: string; readonly hidden: number } {
  if (text.length <= max + Math.min(20, max)) return { text, hidden: 0 };
  segmenter ??= new Intl.Segmenter('en', { granularity: 'grapheme' });
  // Bounded in both counts: one grapheme can be a megabyte of combining marks.
  const window = text.slice(0, max * 16);
  let end = 0;
  let taken = 0;
  for (const { index, segment } of segmenter.segment(window)) {
    if (taken === max || index + segment.length > max * 12) break;
    end = index + segment.length;
    taken++;
  }
  if (end === 0) end = Math.min(window.length, max);
  const last = text.charCodeAt(end - 1);
  if (last >= 0xd800 && last < 0xdc00) end--;
  return { text: text.slice(0, end), hidden: countCharacters(text, end) };
}

/** Marks and text together, for plain text. */
export function joined(segments: readonly Segment[]): string {
  return segments.map((segment) => segment.text).join('');
}
