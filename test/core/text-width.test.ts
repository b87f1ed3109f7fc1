import stringWidth from 'string-width';
import { expect, test } from 'vitest';
import { textWidth } from '../../src/core/text-width.js';

test.each([
  '',
  'plain text',
  '中文',
  'Grüße',
  'e\u0301',
  'ﾊﾞｽ',
  '한국어',
  '👍🏽 👨‍👩‍👧 🇨🇳 1\u20e3',
  '\u001b[31mred\u001b[0m',
  'a\u200bb',
  'हिन्दी',
  '\ttab',
  '→ ─ │',
])('%j takes as much room as terminals give it', (text) => {
  expect(textWidth(text)).toBe(stringWidth(text));
});
