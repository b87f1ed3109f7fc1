import { existsSync, readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packageRoot } from '../core/package-root.js';
import { columnBefore, type Insertion } from './patches/instrument.js';

/** A place in what somebody wrote; line and column count from 1. */
export interface Place {
  /** `cell [3]`, or a path. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

export interface Frame {
  readonly place: Place | undefined;
  /** As V8 writes it, with the place corrected: `f (cell [3]:2:9)`. */
  readonly text: string;
}

/** How code that runs here came out of what was written: the last map first, as `emitMaps` gives them. */
export interface Script {
  /** What to call it in messages. */
  readonly file: string;
  readonly source: string;
  readonly maps: readonly string[];
  readonly insertions: readonly Insertion[];
  /** Lines that tslab puts before the source. */
  readonly linesBefore: number;
  /** Lines of the code that runs; what stands behind them is ours. */
  readonly lines: number;
  /** The code that runs, if places are to be found by their text. */
  readonly code?: string;
}

const scripts = new Map<string, Script & { parsed?: SourceMap[] }>();
const framesOf = new WeakMap<object, readonly Frame[]>();
const awaitedAt = new WeakMap<object, Place[]>();

/** Makes the places in `name` known. */
export function registerScript(name: string, script: Script): void {
  scripts.set(name, script);
}

/** The text of a cell or local file that has run, by the name that places carry. */
export function sourceOf(file: string): string | undefined {
  for (const script of scripts.values()) if (script.file === file) return script.source;
  return undefined;
}

function follow(script: Script & { parsed?: SourceMap[] }, line: number, column: number): Place | undefined {
  script.parsed ??= script.maps
    .filter((map) => map !== '')
    .map((map) => new SourceMap(JSON.parse(map) as ConstructorParameters<typeof SourceMap>[0]));
  if (line < 0 || line >= script.lines) return undefined;
  let at = { line, column };
  for (const map of script.parsed) {
    const entry = map.findEntry(at.line, at.column);
    if (!('originalLine' in entry)) return undefined;
    at = { line: entry.originalLine, column: entry.originalColumn };
  }
  const original = at.line - script.linesBefore;
  // Code that tslab added (exports, the last expression's variable) stands before or behind what was written.
  if (original < 0 || original >= script.source.split('\n').length) return undefined;
  return { file: script.file, line: original + 1, column: at.column + 1 };
}

/** Where a part of the code that runs was typed, the latest cell first. */
export function placeIn(text: string, offset: number): Place | undefined {
  for (const script of [...scripts.values()].reverse()) {
    const start = script.code?.lastIndexOf(text) ?? -1;
    if (start < 0) continue;
    const before = (script.code as string).slice(0, start + offset).split('\n');
    const line = before.length - 1;
    return follow(script, line, columnBefore(script.insertions, line, (before.at(-1) as string).length));
  }
  return undefined;
}

const ownFolders = ['src', 'dist'].map((name) => join(packageRoot, name) + sep);
const kernelFolders = ownFolders.map((folder) => join(folder, 'kernel') + sep);
const packageMaps = new Map<string, SourceMap | undefined>();

/** Where a frame of our package is in its TypeScript; maps are read when an error needs them, not before. */
function inPackage(path: string, line: number, column: number): Place | undefined {
  if (!packageMaps.has(path)) {
    const file = `${path}.map`;
    const payload = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as never) : undefined;
    packageMaps.set(path, payload === undefined ? undefined : new SourceMap(payload));
  }
  const entry = packageMaps.get(path)?.findEntry(line - 1, column - 1);
  if (entry === undefined || !('originalLine' in entry)) return undefined;
  const source = resolve(dirname(path), entry.originalSource);
  const file = relative(packageRoot, source).replaceAll('\\', '/');
  return { file: `streambook/${file}`, line: entry.originalLine + 1, column: entry.originalColumn + 1 };
}

function isKernels(path: string): boolean {
  return (
    kernelFolders.some((folder) => path.startsWith(folder)) ||
    path.startsWith('node:internal/') ||
    path === 'node:vm' ||
    path === 'node:async_hooks' ||
    /[\\/]node_modules[\\/](tslab|@tslab)[\\/]/.test(path)
  );
}

function frameOf(site: NodeJS.CallSite): Frame | undefined {
  const name = site.getFileName() ?? site.getEvalOrigin?.() ?? undefined;
  const line = site.getLineNumber();
  const column = site.getColumnNumber();
  // Built-in functions say nothing: `new Promise (<anonymous>)`.
  if (name === undefined || line === null || column === null) return undefined;
  const script = scripts.get(name);
  const path = name.startsWith('file:') ? fileURLToPath(name) : name;
  if (script === undefined && isKernels(path)) return undefined;
  let place: Place | undefined;
  if (script !== undefined) {
    place = follow(script, line - 1, columnBefore(script.insertions, line - 1, column - 1));
    if (place === undefined) return undefined;
  } else if (ownFolders.some((folder) => path.startsWith(folder))) {
    place = inPackage(path, line, column);
    // What the kernel shares with others is bundled elsewhere.
    if (place?.file.startsWith('streambook/src/kernel/')) return undefined;
  }
  if (place === undefined) return { place, text: site.toString() };
  const text = site
    .toString()
    .replace(`${name}:${line}:${column}`, `${place.file}:${place.line}:${place.column}`)
    // What a cell declares is a property of the kernel's `exports`.
    .replace(/^(async )?Object\./, '$1');
  return { place, text };
}

/**
 * Stack traces name cells, lines and columns as they were typed, and our own TypeScript; the kernel's frames are left
 * out. In force for `error.stack` and so for `console.error(error)` too.
 */
export function installStackTraces(): void {
  // Ten frames, Node's default, may all be a library's.
  Error.stackTraceLimit = 50;
  Error.prepareStackTrace = (error, sites) => {
    const frames = sites.map(frameOf).filter((frame): frame is Frame => frame !== undefined);
    framesOf.set(error, frames);
    return [header(error), ...frames.map((frame) => `    at ${frame.text}`)].join('\n');
  };
}

function header(error: Error): string {
  try {
    return Error.prototype.toString.call(error);
  } catch {
    return 'Error';
  }
}

/**
 * Remembers that a cell was waiting for what failed. V8 loses this place when the wait is interruptible.
 *
 * @param line, column in the code before instrumentation, from 0
 */
export function noteAwait(error: unknown, name: string, line: number, column: number): void {
  if (typeof error !== 'object' || error === null) return;
  const script = scripts.get(name);
  const place = script === undefined ? undefined : follow(script, line, column);
  if (place === undefined) return;
  const places = awaitedAt.get(error) ?? [];
  if (places.length < 10) places.push(place);
  awaitedAt.set(error, places);
}

/** The frames of an error, innermost first, the kernel's left out, the places that awaited it behind. */
export function framesFor(error: object): readonly Frame[] {
  // Reading the stack makes V8 call `prepareStackTrace`, unless it was read before.
  void (error as { stack?: unknown }).stack;
  const frames = [...(framesOf.get(error) ?? [])];
  for (const place of awaitedAt.get(error) ?? []) {
    const known = frames.some((frame) => frame.place?.file === place.file && frame.place.line === place.line);
    if (!known) frames.push({ place, text: `await (${place.file}:${place.line}:${place.column})` });
  }
  return frames;
}

/** Whether a place is in a cell, rather than in a file. */
export function isCell(place: Place | undefined): place is Place {
  return place?.file.startsWith('cell [') ?? false;
}
