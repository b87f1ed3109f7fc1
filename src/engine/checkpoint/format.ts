import { crc32c } from '../../core/crc32c.js';
import { StreambookError } from '../../core/errors.js';
import { ClassVersionError, deserialise, serialise } from '../../core/serialise/index.js';
import { SNAPSHOT_VERSION, type Snapshot, type SnapshotMeta } from './snapshot.js';

/*
 * Two files. Each begins with a magic word and the format's version; what follows lies in frames: length, CRC-32C of
 * length and bytes, bytes. All numbers are little endian.
 *
 *   state:      magic, version, a frame for each block
 *   _metadata:  magic, version, one frame: { meta, blocks: [length, checksum][] }
 *
 * The metadata, written last, names every block with its checksum, so a state file of another snapshot is noticed too.
 */
const STATE_MAGIC = 'SBKS';
const META_MAGIC = 'SBKM';
const HEAD_BYTES = 8;
const FRAME_BYTES = 8;

/** Raised for a snapshot whose bytes are not what was written. */
export class DamagedSnapshotError extends StreambookError {
  constructor(name: string, problem: string, cause?: unknown) {
    super('damaged-snapshot', `the snapshot ${name} is damaged: ${problem}`, {
      hint: 'use the one before it',
      ...(cause === undefined ? {} : { cause }),
    });
  }
}

/** Raised for a snapshot of a later version of the format. */
export class SnapshotVersionError extends StreambookError {
  constructor(name: string, version: number) {
    super(
      'snapshot-version',
      `the snapshot ${name} has format version ${version}, this program knows ${SNAPSHOT_VERSION}`,
      {
        hint: 'use the version of streambook that wrote it, or a later one',
      },
    );
  }
}

interface Index {
  readonly meta: SnapshotMeta;
  readonly blocks: readonly (readonly [length: number, checksum: number])[];
}

function head(magic: string): Buffer {
  const bytes = Buffer.alloc(HEAD_BYTES);
  bytes.write(magic, 'latin1');
  bytes.writeUInt32LE(SNAPSHOT_VERSION, 4);
  return bytes;
}

function frame(bytes: Uint8Array): Buffer {
  const before = Buffer.alloc(FRAME_BYTES);
  before.writeUInt32LE(bytes.length, 0);
  before.writeUInt32LE(checksum(bytes), 4);
  return before;
}

function checksum(bytes: Uint8Array): number {
  const length = Buffer.alloc(4);
  length.writeUInt32LE(bytes.length);
  return crc32c(bytes, crc32c(length));
}

/** The bytes of the file `state`, in pieces. */
export function* encodeState(snapshot: Snapshot): Generator<Uint8Array> {
  yield head(STATE_MAGIC);
  for (const block of snapshot.blocks) {
    yield frame(block);
    yield block;
  }
}

/** The bytes of the file `_metadata`. */
export function encodeMeta(snapshot: Snapshot): Buffer {
  const index: Index = {
    meta: snapshot.meta,
    blocks: snapshot.blocks.map((block) => [block.length, checksum(block)] as const),
  };
  const payload = serialise(index, 'the positions of the sources');
  return Buffer.concat([head(META_MAGIC), frame(payload), payload]);
}

function checkHead(bytes: Buffer, magic: string, name: string, file: string): void {
  if (bytes.length < HEAD_BYTES) throw new DamagedSnapshotError(name, `${file} is cut off`);
  if (bytes.toString('latin1', 0, 4) !== magic) throw new DamagedSnapshotError(name, `${file} does not begin as one`);
  const version = bytes.readUInt32LE(4);
  if (version === 0) throw new DamagedSnapshotError(name, `${file} has no version`);
  if (version > SNAPSHOT_VERSION) throw new SnapshotVersionError(name, version);
}

function readFrame(bytes: Buffer, at: number, name: string, file: string): Buffer {
  const from = at + FRAME_BYTES;
  if (from > bytes.length) throw new DamagedSnapshotError(name, `${file} is cut off`);
  const length = bytes.readUInt32LE(at);
  if (from + length > bytes.length) throw new DamagedSnapshotError(name, `${file} is cut off at byte ${at}`);
  const payload = bytes.subarray(from, from + length);
  if (checksum(payload) !== bytes.readUInt32LE(at + 4)) {
    throw new DamagedSnapshotError(name, `${file} has a wrong checksum at byte ${at}`);
  }
  return payload;
}

/** What `_metadata` says. @throws DamagedSnapshotError, SnapshotVersionError */
export function decodeMeta(bytes: Buffer, name: string): Index {
  checkHead(bytes, META_MAGIC, name, '_metadata');
  const payload = readFrame(bytes, HEAD_BYTES, name, '_metadata');
  if (HEAD_BYTES + FRAME_BYTES + payload.length !== bytes.length) {
    throw new DamagedSnapshotError(name, '_metadata has bytes too many');
  }
  try {
    return deserialise(payload) as Index;
  } catch (error) {
    if (error instanceof ClassVersionError) throw error;
    throw new DamagedSnapshotError(name, '_metadata holds no values', error);
  }
}

/** A whole snapshot, every byte of it checked. @throws DamagedSnapshotError, SnapshotVersionError */
export function decodeSnapshot(metaBytes: Buffer, stateBytes: Buffer, name: string): Snapshot {
  const { meta, blocks: index } = decodeMeta(metaBytes, name);
  checkHead(stateBytes, STATE_MAGIC, name, 'state');
  const blocks: Buffer[] = [];
  let at = HEAD_BYTES;
  for (const [length, sum] of index) {
    const block = readFrame(stateBytes, at, name, 'state');
    if (block.length !== length || checksum(block) !== sum) {
      throw new DamagedSnapshotError(name, `state has another block than _metadata names, at byte ${at}`);
    }
    blocks.push(block);
    at += FRAME_BYTES + length;
  }
  if (at !== stateBytes.length) throw new DamagedSnapshotError(name, 'state has bytes too many');
  return { meta, blocks };
}
