// Jupyter counts a cursor's place in Unicode code points, JavaScript in UTF-16 units: they differ after an emoji.

/** @returns the index into `text` of its `codePoints`-th character */
export function toIndex(text: string, codePoints: number): number {
  let index = 0;
  for (let left = codePoints; left > 0 && index < text.length; left--)
    index += (text.codePointAt(index) ?? 0) > 0xffff ? 2 : 1;
  return index;
}

/** @returns how many characters stand before `index` */
export function toCodePoints(text: string, index: number): number {
  return [...text.slice(0, index)].length;
}
