import { randomBytes } from 'node:crypto';
import { StreambookError } from '../core/errors.js';
import type { Storage } from './storage/storage.js';

/** The format of the data folder that this code writes. */
export const DATA_VERSION = 1;

/** What a data folder says about itself, in `meta.json`. */
export interface Meta {
  /** The format of the folder. */
  readonly version: number;
  /** 22 characters of URL-safe base64, as Kafka's cluster ids. */
  readonly clusterId: string;
  readonly nodeId: number;
}

/**
 * Reads `meta.json`, or writes it into an empty folder.
 *
 * @throws StreambookError `broker-data-newer`, `broker-data-damaged`, `broker-data-foreign`
 */
export async function openMeta(storage: Storage): Promise<Meta> {
  const where = storage.folder ?? 'memory';
  const content = storage.readWhole('meta.json');
  if (content === undefined) {
    const foreign = storage.list('').find(({ name }) => !name.startsWith('.') && !name.startsWith('meta.json'));
    if (foreign !== undefined) {
      throw new StreambookError('broker-data-foreign', `${where} holds \`${foreign.name}\` but no meta.json`, {
        hint: 'give the broker an empty folder, or one that it has made itself',
      });
    }
    const meta: Meta = { version: DATA_VERSION, clusterId: newUuid(), nodeId: 1 };
    await storage.replace('meta.json', `${JSON.stringify(meta)}\n`);
    return meta;
  }
  const meta = parse(content);
  if (meta === undefined) {
    throw new StreambookError('broker-data-damaged', `${where}/meta.json cannot be read as a broker's description`, {
      hint: `put back {"version":${DATA_VERSION},"clusterId":"any 22 characters","nodeId":1}, or begin with an empty folder`,
    });
  }
  if (meta.version > DATA_VERSION) {
    throw new StreambookError(
      'broker-data-newer',
      `${where} has data format ${meta.version}; this streambook knows up to ${DATA_VERSION}`,
      { hint: 'use the newer streambook that wrote it, or another folder' },
    );
  }
  return meta;
}

function parse(content: Buffer): Meta | undefined {
  try {
    const meta = JSON.parse(content.toString('utf8')) as Meta;
    const sound = Number.isInteger(meta.version) && meta.version > 0 && typeof meta.clusterId === 'string';
    return sound && meta.clusterId !== '' && Number.isInteger(meta.nodeId) ? meta : undefined;
  } catch {
    return undefined;
  }
}

/** A random UUID in the form that Kafka prints and our wire uses: 22 characters of URL-safe base64, never with a leading dash. */
export function newUuid(): string {
  for (;;) {
    const bytes = randomBytes(16);
    bytes[6] = (bytes[6]! & 0x0f) | 0x40;
    bytes[8] = (bytes[8]! & 0x3f) | 0x80;
    const text = bytes.toString('base64url');
    if (!text.startsWith('-')) return text;
  }
}
