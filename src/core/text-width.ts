import { stripVTControlCharacters } from 'node:util';
import { eastAsianWidth } from 'get-east-asian-width';

const PLAIN = /^[ -~]*$/;
const VISIBLE =
  '[^\\p{Default_Ignorable_Code_Point}\\p{Control}\\p{Format}\\p{Nonspacing_Mark}\\p{Enclosing_Mark}\\p{Surrogate}]';
const EMOJI = '^(?:\\p{RGI_Emoji}|[\\d#*]\\u20e3)$';

interface Unicode {
  readonly segmenter: Intl.Segmenter;
  readonly visible: RegExp;
  readonly emoji: RegExp;
}
let unicode: Unicode | undefined;

// Made when the first text needs it: making the segmenter takes longer than importing all of this package should.
function unicodeTools(): Unicode {
  unicode ??= {
    segmenter: new Intl.Segmenter(),
    visible: new RegExp(VISIBLE, 'v'),
    emoji: new RegExp(EMOJI, 'v'),
  };
  return unicode;
}

/** How many columns a text takes in a terminal: 2 for Chinese characters and emoji, 0 for marks and colours. */
export function textWidth(text: string): number {
  if (PLAIN.test(text)) return text.length;
  const { segmenter, visible, emoji } = unicodeTools();
  let width = 0;
  for (const { segment } of segmenter.segment(stripVTControlCharacters(text))) {
    const at = segment.search(visible);
    if (at < 0) continue;
    if (emoji.test(segment)) width += 2;
    else
      for (const character of spacing(segment.slice(at))) width += eastAsianWidth(character.codePointAt(0) as number);
  }
  return width;
}

/** The first character of a cluster, and those after it that take room of their own (half-width voicing marks). */
function spacing(cluster: string): string[] {
  const [first = '', ...rest] = cluster;
  return [first, ...rest.filter((one) => (one >= '\uff00' && one <= '\uffef') || /\p{Spacing_Mark}/u.test(one))];
}
