import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** File name to SHA-256, in hexadecimal digits. */
export type Checksums = Readonly<Record<string, string>>;

async function sha256(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 })) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

/** The checksums of all jars of a folder, by name. */
export async function checksumsOf(folder: string): Promise<Checksums> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.jar')).sort();
  const made: Record<string, string> = {};
  for (const name of names) made[name] = await sha256(join(folder, name));
  return made;
}

/** What is wrong with a folder's jars, one line each: missing, not as expected, or not expected at all. */
export function differences(expected: Checksums, found: Checksums): string[] {
  const names = [...new Set([...Object.keys(expected), ...Object.keys(found)])].sort();
  return names.flatMap((name) => {
    if (found[name] === undefined) return [`${name} is missing`];
    if (expected[name] === undefined) return [`${name} does not belong here`];
    return found[name] === expected[name] ? [] : [`${name} is not what was published (SHA-256 differs)`];
  });
}
