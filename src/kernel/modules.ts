import Module, { createRequire } from 'node:module';
import { dirname, extname, join } from 'node:path';
import type { Emitted } from './patches/emit-maps.js';
import { instrument } from './patches/instrument.js';
import { registerScript } from './stack.js';
import type { Converted, Tslab } from './tslab.js';

// What Node's own loader does with a file, and does not declare.
interface LoadableModule extends NodeJS.Module {
  _compile(code: string, filename: string): unknown;
}
const ModuleClass = Module as unknown as {
  new (id: string): LoadableModule;
  _nodeModulePaths(from: string): string[];
};

/** What a cell gets as `require`: packages as Node finds them from the notebook's folder, and local TypeScript. */
export class CellModules {
  private readonly outputs = new Map<string, string>();
  private readonly loaded = new Map<string, LoadableModule>();
  readonly require: NodeJS.Require;

  constructor(
    private readonly tslab: Tslab,
    root: string,
  ) {
    this.require = this.wrap(createRequire(join(root, 'cell.js')), root);
  }

  /** Takes local files that the converter has compiled anew. */
  update(converted: Converted, emitted: readonly Emitted[], read: (path: string) => string | undefined): void {
    for (const { path, data } of converted.sideOutputs ?? []) {
      const { code, insertions } = instrument(this.tslab.typescript, data);
      const maps = emitted.find((each) => each.output === data)?.maps ?? [];
      const file = maps.length < 2 ? path : path.replace(/\.js$/, '.ts');
      const lines = data.split('\n').length;
      registerScript(path, { file, source: read(file) ?? data, maps, insertions, linesBefore: 0, lines });
      this.outputs.set(path, code);
      this.loaded.delete(path);
    }
  }

  private wrap(original: NodeJS.Require, folder: string): NodeJS.Require {
    return new Proxy(original, {
      apply: (_target, self, args: [string, ...unknown[]]) => {
        const [id] = args;
        if (id === 'tslab') return this.tslab.public;
        return this.local(folder, id) ?? Reflect.apply(original, self, args);
      },
    });
  }

  private local(folder: string, id: string): unknown {
    const joined = join(folder, id).replaceAll('\\', '/');
    const path = extname(joined) === '' ? `${joined}.js` : joined;
    const known = this.loaded.get(path);
    if (known !== undefined) return known.exports;
    const code = this.outputs.get(path);
    if (code === undefined) return undefined;
    const module = new ModuleClass(path);
    module.filename = path;
    module.paths = ModuleClass._nodeModulePaths(dirname(path));
    module.require = this.wrap(createRequire(path), dirname(path));
    // Before it runs, so that files which import each other find what there is so far.
    this.loaded.set(path, module);
    try {
      module._compile(code, path);
    } catch (error) {
      this.loaded.delete(path);
      throw error;
    }
    return module.exports;
  }
}
