import type { TypeScript } from '../tslab.js';

/** One step of tslab's two (TypeScript to ES modules, those to CommonJS), with the source maps of both. */
export interface Emitted {
  readonly output: string;
  /** JSON of the map from `output` to the ES module, and of the one from there to TypeScript. */
  readonly maps: readonly string[];
}

const inlineMap = /\/\/# sourceMappingURL=data:application\/json[^,]*;base64,([A-Za-z0-9+/=]+)\s*$/;

/**
 * tslab throws the source maps away, so a stack trace shows lines of generated code. Both steps pass through
 * TypeScript's `transpileModule`; here the maps are kept on the way.
 */
export function emitMaps<T>(
  typescript: TypeScript,
  convert: () => T,
): { readonly result: T; readonly emitted: Emitted[] } {
  const original = typescript.transpileModule;
  const emitted: Emitted[] = [];
  typescript.transpileModule = (input, options) => {
    const compilerOptions = { ...options.compilerOptions, sourceMap: true, inlineSourceMap: false };
    const result = original(input, { ...options, compilerOptions });
    const output = result.outputText.replace(/\n?\/\/# sourceMappingURL=\S+\s*$/, '\n');
    const first = inlineMap.exec(input)?.[1];
    const maps = [result.sourceMapText ?? ''];
    if (first !== undefined) maps.push(Buffer.from(first, 'base64').toString('utf8'));
    emitted.push({ output, maps });
    return { ...result, outputText: output };
  };
  try {
    return { result: convert(), emitted };
  } finally {
    typescript.transpileModule = original;
  }
}
