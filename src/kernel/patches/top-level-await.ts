import type ts from 'typescript';
import type { TypeScript } from '../tslab.js';

/**
 * tslab switches TypeScript's own top-level await off (an option of its fork) and guesses from an error code whether a
 * cell needs an async wrapper. A cell whose only await is `for await` gives no such error, and `await (...)` is read as a
 * call of a function named await: both fail when they run. With the option gone TypeScript reads all of them as they
 * are meant, with their types; whether a cell awaits is then read from the result (see `instrument`).
 *
 * The options are fixed inside `createConverter`, so they are changed on their way to TypeScript.
 */
export function allowTopLevelAwait<T>(typescript: TypeScript, create: () => T): T {
  const original = typescript.createWatchCompilerHost;
  typescript.createWatchCompilerHost = ((files: string[], options: ts.CompilerOptions, ...rest: unknown[]) => {
    const { disableTopLevelAwait: _off, ...kept } = options as ts.CompilerOptions & { disableTopLevelAwait?: boolean };
    // The map from what runs to what the student typed (see `emitMaps`).
    return (original as unknown as (...args: unknown[]) => unknown)(files, { ...kept, inlineSourceMap: true }, ...rest);
  }) as unknown as typeof original;
  try {
    return create();
  } finally {
    typescript.createWatchCompilerHost = original;
  }
}
