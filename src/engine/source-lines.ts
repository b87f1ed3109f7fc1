import { readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';

const PLACE = /^(.*):(\d+):(\d+)$/;
const COMMENT = /\/\/[#@] sourceMappingURL=(\S+)\s*$/;
const INLINE = /^data:application\/json[^,]*;base64,/;

/** The map of a compiled file, and what the names of its sources are relative to. */
interface FileMap {
  readonly map: SourceMap;
  readonly base: URL;
}

const known = new Map<string, FileMap | undefined>();

/**
 * Where a place of a compiled file was written, by its source map; the place itself where there is none. With
 * `--enable-source-maps` Node has said so before.
 *
 * @param place `file:///app/out/main.js:6:15`
 */
export function writtenAt(place: string): string {
  const [, file, line, column] = PLACE.exec(place) ?? [];
  if (file === undefined || process.sourceMapsEnabled === true) return place;
  if (!known.has(file)) known.set(file, mapOf(file));
  const found = known.get(file)?.map.findEntry(Number(line) - 1, Number(column) - 1);
  if (found === undefined || !('originalSource' in found)) return place;
  const source = new URL(found.originalSource, known.get(file)?.base);
  const name = source.protocol === 'file:' ? fileURLToPath(source) : source.href;
  return `${name}:${found.originalLine + 1}:${found.originalColumn + 1}`;
}

function mapOf(file: string): FileMap | undefined {
  try {
    const own = file.startsWith('file:') ? new URL(file) : pathToFileURL(file);
    const comment = COMMENT.exec(readFileSync(own, 'utf8'))?.[1];
    if (comment === undefined) return undefined;
    const inline = INLINE.test(comment);
    const base = inline ? own : new URL(comment, own);
    const text = inline ? Buffer.from(comment.replace(INLINE, ''), 'base64').toString() : readFileSync(base, 'utf8');
    return { map: new SourceMap(JSON.parse(text)), base };
  } catch {
    // A notebook's cell, a file that is gone, a map that is none: the place as it is is better than nothing.
    return undefined;
  }
}
