import type { Token } from '../lexer/token.js';
import type { Cursor } from './cursor.js';

/** What stands between single quotes. */
export function unquote(text: string): string {
  return text.slice(1, -1).replaceAll("''", "'");
}

/** Text with `\0041` in it, as it is meant; `sign` stands for the backslash. */
export function decoded(p: Cursor, token: Token, text: string, sign: string): string {
  let made = '';
  for (let i = 0; i < text.length; i++) {
    if (text[i] !== sign) made += text[i];
    else if (text[i + 1] === sign) {
      made += sign;
      i++;
    } else {
      const digits = text.slice(i + 1, i + 5);
      if (!/^[0-9A-Fa-f]{4}$/.test(digits)) {
        p.refuse(token, `after \`${sign}\` four hexadecimal digits must follow, and not \`${digits}\``);
      }
      made += String.fromCharCode(Number.parseInt(digits, 16));
      i += 4;
    }
  }
  return made;
}

/** What UESCAPE may name: one character that is no blank, no hexadecimal digit, no plus and no quote. */
export function escapeCharacter(p: Cursor): string {
  const token = p.expect('<string>');
  const character = unquote(token.text);
  if (character.length !== 1 || /[\s0-9A-Fa-f+"]/.test(character)) {
    p.refuse(token, 'UESCAPE takes one character that is no blank, no hexadecimal digit and neither + nor "');
  }
  return character;
}
