import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type ts from 'typescript';
import { StreambookError } from '../core/errors.js';
import type { QuickInfo } from './hover.js';

/** The version whose insides we know. Another one may work or fail in ways nobody has seen. */
export const tslabVersion = '1.0.22';

/** TypeScript 5.0, as tslab forked it; its API with our types. */
export type TypeScript = { -readonly [K in keyof typeof ts]: (typeof ts)[K] };

/** A place in a cell; line and character count from 0. */
interface Position {
  readonly line: number;
  readonly character: number;
}

/** A complaint of the type checker. */
export interface Diagnostic {
  readonly start: Position;
  readonly end: Position;
  readonly messageText: string;
  readonly code: number;
  /** A local file that the cell imports; absent for the cell itself. */
  readonly fileName?: string;
}

/** What tslab's converter makes of a cell. */
export interface Converted {
  readonly diagnostics: readonly Diagnostic[];
  readonly output?: string;
  /** All declarations from now on, as the text of a `.d.ts` file. */
  readonly declOutput?: string;
  readonly sideOutputs?: readonly { readonly path: string; readonly data: string }[];
  /** Under this name the cell exports the value of its last expression. */
  readonly lastExpressionVar?: string;
}

export interface Completion {
  readonly start: number;
  readonly end: number;
  readonly candidates: readonly string[];
  readonly original?: { readonly entries?: readonly { readonly name: string; readonly kind: string }[] };
}

export interface Converter {
  convert(declarations: string, source: string): Converted;
  complete(declarations: string, source: string, position: number): Completion;
  inspect(declarations: string, source: string, position: number): QuickInfo | undefined;
  addModule(name: string, source: string, meta: object): readonly Diagnostic[];
  close(): void;
}

/** The parts of tslab that we stand on. */
export interface Tslab {
  readonly typescript: TypeScript;
  /** Absolute path of the ZeroMQ package. */
  readonly zeromq: string;
  /** What `import 'tslab'` gives a cell. */
  readonly public: unknown;
  /** Where tslab's own `display` looks for the function to write with. */
  readonly jupyter: { lastWriteDisplayData: unknown };
  createConverter(options: { isJS: boolean; isBrowser: boolean }): Converter;
  getCodeMetadata(source: string): { readonly module?: string; readonly mode?: 'node' | 'browser' };
  isCompleteCode(source: string): { readonly completed: boolean; readonly indent?: string };
}

/**
 * TypeScript's exports cannot be assigned to. tslab's files, which are loaded after this, get a copy instead, in which
 * the patches can replace a function for the time of a call.
 */
function loadTypeScript(load: NodeJS.Require): TypeScript {
  const typescript = { ...(load('@tslab/typescript-for-tslab') as TypeScript) };
  load.cache[load.resolve('@tslab/typescript-for-tslab')]!.exports = typescript;
  return typescript;
}

/**
 * Loads tslab from where this package finds it.
 *
 * @throws {StreambookError} `tslab-missing`, `tslab-version`
 */
export function loadTslab(): Tslab {
  const here = createRequire(import.meta.url);
  const folder = here.resolve
    .paths('tslab')
    ?.map((path) => join(path, 'tslab'))
    .find((path) => existsSync(join(path, 'package.json')));
  if (folder === undefined)
    throw new StreambookError('tslab-missing', 'the TypeScript kernel tslab is not installed', {
      hint: `run: npm install tslab@${tslabVersion}`,
    });
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string };
  if (version !== tslabVersion)
    throw new StreambookError(
      'tslab-version',
      `tslab ${version} is installed; this kernel is built on ${tslabVersion}`,
      {
        where: dirname(folder),
        hint: `run: npm install tslab@${tslabVersion}`,
      },
    );
  const load = createRequire(join(folder, 'package.json'));
  const typescript = loadTypeScript(load);
  const converter = load('./dist/converter.js') as Pick<Tslab, 'createConverter' | 'isCompleteCode'>;
  const metadata = load('./dist/metadata.js') as Pick<Tslab, 'getCodeMetadata'>;
  return {
    typescript,
    zeromq: load.resolve('zeromq'),
    public: load('./dist/public.js'),
    jupyter: load('./dist/jupyter.js') as Tslab['jupyter'],
    createConverter: converter.createConverter,
    isCompleteCode: converter.isCompleteCode,
    getCodeMetadata: metadata.getCodeMetadata,
  };
}
