import type { Layout } from './layout.js';
import { absentFields, defaultSource, isNullable, leastSize, plainFields, taggedFields } from './layout.js';
import type { Reader } from './reader.js';
import type { Field, Fields } from './schema.js';

/** A decoder for one message in one version, and the names of its sites for `ReadContext`. */
export interface CompiledDecoder {
  readonly decode: (reader: Reader) => object;
  readonly sites: readonly string[];
}

/**
 * Turns a schema into JavaScript: one function a struct, straight reads in the order of the wire, one object literal at the
 * end, so that all bodies of a version share a hidden class. Source text comes from our schemas only, never from the wire.
 */
export function compileDecoder(fields: Fields, layout: Layout): CompiledDecoder {
  const compiler = new DecoderCompiler(layout);
  const root = compiler.struct(fields, '');
  const source = `'use strict';\n${compiler.functions.join('\n')}\nreturn ${root};`;
  const decode = new Function('EMPTY', source)(Buffer.alloc(0)) as CompiledDecoder['decode'];
  return { decode, sites: compiler.sites };
}

class DecoderCompiler {
  readonly functions: string[] = [];
  readonly sites: string[] = [];

  constructor(private readonly layout: Layout) {}

  /** Emits a function that reads a struct; returns its name. */
  struct(fields: Fields, path: string): string {
    const lines: string[] = [];
    const entries: string[] = [];
    const variables = new Map(Object.keys(fields).map((name, index) => [name, `v${index}`]));
    const pathOf = (name: string) => (path === '' ? name : `${path}.${name}`);
    for (const [name, field] of absentFields(fields, this.layout)) {
      lines.push(`const ${variables.get(name)} = ${defaultSource(field)};`);
    }
    for (const [name, field] of plainFields(fields, this.layout)) {
      lines.push(this.read(field, pathOf(name), `const ${variables.get(name)} =`));
    }
    if (this.layout.flexible) lines.push(this.tags(fields, variables, path));
    for (const [name, variable] of variables) entries.push(`${JSON.stringify(name)}: ${variable}`);
    lines.push(`const body = { ${entries.join(', ')} };`);
    if (this.layout.flexible) lines.push('if (unknown !== undefined) body.unknownTags = unknown;');
    lines.push('return body;');
    const id = `read${this.functions.length}`;
    this.functions.push(`function ${id}(r) {\n  ${lines.join('\n  ')}\n}`);
    return id;
  }

  private tags(fields: Fields, variables: Map<string, string>, path: string): string {
    const tagged = taggedFields(fields, this.layout);
    const site = this.site(path === '' ? 'tagged fields' : `${path} tagged fields`);
    const declared = tagged.map(([name, field]) => `let ${variables.get(name)} = ${defaultSource(field)};`);
    const cases = tagged.map(([name, field]) => {
      const inner = this.site(path === '' ? name : `${path}.${name}`);
      return `case ${field.options.tag}: { const outer = r.enterTag(size, ${inner});
        ${this.read(field, this.sites[inner]!, `${variables.get(name)} =`)}
        r.leaveTag(outer, ${inner}); break; }`;
    });
    return `${declared.join(' ')} let unknown;
  for (let left = r.unsignedVarint(${site}); left > 0; left--) {
    const tag = r.unsignedVarint(${site});
    const size = r.unsignedVarint(${site});
    switch (tag) { ${cases.join('\n')}
      default: unknown = r.unknownTag(unknown, tag, size, ${site});
    }
  }`;
  }

  /** A statement that reads a field; `target` is the left side up to the equals sign. */
  private read(field: Field, path: string, target: string): string {
    if (field.kind !== 'array') return `${target} ${this.value(field, path)};`;
    const element = field.of!;
    const site = this.site(path);
    const length = this.layout.flexible ? 'compactArrayLength' : 'arrayLength';
    const least = Math.max(1, leastSize(element, this.layout));
    const id = `read${this.functions.length}`;
    const missing = isNullable(field, this.layout.version) ? 'return null' : `r.failNull(${site})`;
    // Reserve the name before the element's functions are emitted.
    const slot = this.functions.push('') - 1;
    this.functions[slot] = `function ${id}(r) {
  const count = r.${length}(${least}, ${site});
  if (count < 0) ${missing};
  const list = [];
  for (let i = 0; i < count; i++) list.push(${this.value(element, `${path}[]`)});
  return list;
}`;
    return `${target} ${id}(r);`;
  }

  /** An expression that reads anything but an array. */
  private value(field: Field, path: string): string {
    const site = this.site(path);
    if (field.kind === 'struct') {
      const call = `${this.struct(field.fields!, path)}(r)`;
      return isNullable(field, this.layout.version) ? `(r.present(${site}) ? ${call} : null)` : call;
    }
    return `r.${this.method(field)}(${site})`;
  }

  private method(field: Field): string {
    if (field.kind !== 'string' && field.kind !== 'bytes' && field.kind !== 'records') return field.kind;
    const type = field.kind === 'string' ? 'String' : 'Bytes';
    const nullable = isNullable(field, this.layout.version) ? 'Nullable' : '';
    const name = `${this.layout.flexible ? 'compact' : ''}${nullable}${type}`;
    return name.charAt(0).toLowerCase() + name.slice(1);
  }

  private site(path: string): number {
    return this.sites.push(path) - 1;
  }
}
