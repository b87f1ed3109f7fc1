// Reads the HTML we write, so that tests can say what a browser would make of it.

/** The tags in `html`, with their attributes as written; throws on anything that is not a tag of ours. */
export function tagsOf(html: string): { name: string; attributes: string[] }[] {
  const tags: { name: string; attributes: string[] }[] = [];
  let at = 0;
  for (;;) {
    const open = html.indexOf('<', at);
    if (open < 0) return tags;
    const match = /^<(\/?)([a-z]+)((?: [a-z-]+="[^"<>]*")*)>/.exec(html.slice(open));
    if (match === null) throw new Error(`not a tag: ${html.slice(open, open + 60)}`);
    if (match[1] === '') {
      tags.push({
        name: match[2] ?? '',
        attributes: [...(match[3] ?? '').matchAll(/ ([a-z-]+)=/g)].map((m) => m[1] ?? ''),
      });
    }
    at = open + match[0].length;
  }
}

/** The text between the tags, entities read. */
export function textOf(html: string): string {
  return html.replace(/<[^>]*>/g, '').replace(/&(lt|gt|quot|amp|nbsp|#39|#96);/g, (_, name: string) => {
    const read: Record<string, string> = { lt: '<', gt: '>', quot: '"', amp: '&', nbsp: ' ', '#39': "'", '#96': '`' };
    return read[name] ?? '';
  });
}

/** The texts of all cells, row by row, without the header. */
export function cellsOf(html: string): string[][] {
  const body = /<tbody>(.*)<\/tbody>/s.exec(html)?.[1] ?? '';
  return [...body.matchAll(/<tr>(.*?)<\/tr>/gs)].map((row) =>
    [...(row[1] ?? '').matchAll(/<td[^>]*>(.*?)<\/td>/gs)].map((cell) => textOf(cell[1] ?? '')),
  );
}

export function headersOf(html: string): string[] {
  return [...html.matchAll(/<th [^>]*>(.*?)<\/th>/gs)].map((cell) => textOf((cell[1] ?? '').replace('<br>', '\n')));
}
