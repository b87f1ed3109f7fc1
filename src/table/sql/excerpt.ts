const WIDTH = 100;

/** The line around an offset with carets under the piece, cut to `WIDTH` where it is long. */
export function excerpt(sql: string, { offset, length }: { readonly offset: number; readonly length: number }): string {
  const at = Math.min(offset, sql.length);
  const before = Math.max(sql.lastIndexOf('\n', at - 1), sql.lastIndexOf('\r', at - 1)) + 1;
  const from = Math.max(before, at - Math.floor(WIDTH * 0.6));
  const after = sql.slice(at).search(/[\r\n]/);
  const to = Math.min(after < 0 ? sql.length : at + after, from + WIDTH);
  const shown = sql.slice(from, to).replace(/\t/g, ' ');
  const head = from > before ? '... ' : '';
  const carets = '^'.repeat(Math.max(1, Math.min(length, to - at)));
  return `  ${head}${shown}\n  ${' '.repeat(head.length + at - from)}${carets}`;
}
