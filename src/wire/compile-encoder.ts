import type { Layout } from './layout.js';
import { absentFields, defaultSource, isDefaultSource, isNullable, plainFields, taggedFields } from './layout.js';
import type { Field, Fields } from './schema.js';
import type { Part, WriteContext } from './writer.js';
import { Writer } from './writer.js';

/** An encoder for one message in one version, and the names of its sites for `WriteContext`. */
export interface CompiledEncoder {
  readonly encode: (writer: Writer, body: object) => void;
  readonly sites: readonly string[];
}

/** A tagged field on its way out. */
interface Tagged {
  readonly tag: number;
  readonly data: Buffer | readonly Part[];
}

/** Turns a schema into JavaScript: one function a struct, straight writes in the order of the wire. */
export function compileEncoder(fields: Fields, layout: Layout): CompiledEncoder {
  const compiler = new EncoderCompiler(layout);
  const root = compiler.struct(fields, '');
  const source = `'use strict';\n${compiler.functions.join('\n')}\nreturn ${root};`;
  const encode = new Function('EMPTY', 'encodeTag', 'writeTags', source)(Buffer.alloc(0), encodeTag, writeTags);
  return { encode: encode as CompiledEncoder['encode'], sites: compiler.sites };
}

function encodeTag(context: WriteContext, write: (writer: Writer) => void): readonly Part[] {
  const writer = new Writer(context, 64);
  write(writer);
  return writer.finish();
}

function writeTags(writer: Writer, tags: Tagged[]): void {
  writer.unsignedVarint(tags.length);
  tags.sort((a, b) => a.tag - b.tag);
  for (const { tag, data } of tags) writer.tagged(tag, data);
}

class EncoderCompiler {
  readonly functions: string[] = [];
  readonly sites: string[] = [];

  constructor(private readonly layout: Layout) {}

  /** Emits a function that writes a struct; returns its name. */
  struct(fields: Fields, path: string): string {
    const id = `write${this.functions.length}`;
    const slot = this.functions.push('') - 1;
    const lines: string[] = [];
    const pathOf = (name: string) => (path === '' ? name : `${path}.${name}`);
    for (const [name, field] of absentFields(fields, this.layout)) {
      if (field.options.ignorable === true) continue;
      const value = `body[${JSON.stringify(name)}]`;
      const isDefault = isDefaultSource(field, value);
      lines.push(`if (${value} !== undefined && !(${isDefault})) w.failVersion(${this.site(pathOf(name))});`);
    }
    plainFields(fields, this.layout).forEach(([name, field], index) => {
      lines.push(`let v${index} = body[${JSON.stringify(name)}];`);
      lines.push(`if (v${index} === undefined) v${index} = ${defaultSource(field)};`);
      lines.push(this.write(field, `v${index}`, pathOf(name)));
    });
    if (this.layout.flexible) lines.push(this.tags(fields, pathOf));
    this.functions[slot] = `function ${id}(w, body) {\n  ${lines.join('\n  ')}\n}`;
    return id;
  }

  private tags(fields: Fields, pathOf: (name: string) => string): string {
    const collect = taggedFields(fields, this.layout).map(([name, field], index) => {
      const value = `t${index}`;
      return `const ${value} = body[${JSON.stringify(name)}];
  if (${value} !== undefined && !(${isDefaultSource(field, value)})) {
    (tags ??= []).push({ tag: ${field.options.tag}, data: encodeTag(w.context, (w) => { ${this.write(field, value, pathOf(name))} }) });
  }`;
    });
    return `let tags;
  ${collect.join('\n  ')}
  if (body.unknownTags !== undefined && body.unknownTags.length > 0) (tags ??= []).push(...body.unknownTags);
  if (tags === undefined) w.unsignedVarint(0); else writeTags(w, tags);`;
  }

  /** A statement that writes the value of a variable. */
  private write(field: Field, value: string, path: string): string {
    const site = this.site(path);
    const nullable = isNullable(field, this.layout.version);
    if (field.kind === 'struct') {
      const call = `${this.struct(field.fields!, path)}(w, ${value})`;
      if (!nullable) return `if (${value} === null) w.failNull(${site}); ${call};`;
      return `if (${value} === null) w.int8(-1, ${site}); else { w.int8(1, ${site}); ${call}; }`;
    }
    if (field.kind === 'array') {
      const length = this.layout.flexible ? 'compactArrayLength' : 'arrayLength';
      const check = nullable ? '' : `if (${value} === null) w.failNull(${site}); `;
      const each = `${value}x`;
      const loop = `for (const ${each} of ${value}) { ${this.write(field.of!, each, `${path}[]`)} }`;
      return `${check}w.${length}(${value}); ${nullable ? `if (${value} !== null) ` : ''}${loop}`;
    }
    return `w.${this.method(field, nullable)}(${value}, ${site});`;
  }

  private method(field: Field, nullable: boolean): string {
    if (field.kind !== 'string' && field.kind !== 'bytes' && field.kind !== 'records') return field.kind;
    const type = field.kind === 'string' ? 'String' : 'Bytes';
    const name = `${this.layout.flexible ? 'compact' : ''}${nullable ? 'Nullable' : ''}${type}`;
    return name.charAt(0).toLowerCase() + name.slice(1);
  }

  private site(path: string): number {
    return this.sites.push(path) - 1;
  }
}
