import { MalformedFrameError } from './errors.js';

/** The largest frame that is accepted unless told otherwise: Kafka's `socket.request.max.bytes`. */
export const DEFAULT_MAX_FRAME_BYTES = 104_857_600;

/** A correlation id: less is no frame in either direction. */
const LEAST_FRAME_BYTES = 4;

/** Chunks below this size are gathered, so that a frame that comes byte by byte does not cost a hundred times its size. */
const SMALL_CHUNK_BYTES = 1024;
const GATHER_BYTES = 16_384;

/**
 * Cuts what a socket delivers into frames. A frame that lies in one chunk is a view into it; one that spans several is
 * assembled once, when its last byte has come. Nothing is allocated for bytes that were only announced.
 *
 * @example
 *   const frames = new FrameReader();
 *   socket.on('data', (chunk) => { for (const frame of frames.push(chunk)) handle(decodeRequest(frame)); });
 */
export class FrameReader {
  /** Frames above this many bytes are refused; it may change, for example after a client has authenticated. */
  maxFrameBytes: number;
  private waiting: Buffer[] = [];
  private waitingBytes = 0;
  /** Bytes that the frame under way takes, length prefix included; 4 until the prefix is known. */
  private wanted = 4;
  private prefixKnown = false;
  /** The last of `waiting`, if it is ours to append to, and how much of it is used. */
  private gather: Buffer | undefined;
  private gathered = 0;

  constructor(options: { readonly maxFrameBytes?: number } = {}) {
    this.maxFrameBytes = options.maxFrameBytes ?? DEFAULT_MAX_FRAME_BYTES;
  }

  /** Bytes that wait for the rest of their frame. */
  get bufferedBytes(): number {
    return this.waitingBytes;
  }

  /**
   * Takes the next chunk; returns the frames that it completes, without their length prefixes.
   *
   * @param chunk belongs to the reader afterwards: frames may be views into it
   * @throws MalformedFrameError for a length that is too small or too large; the connection is of no use then
   */
  push(chunk: Buffer): Buffer[] {
    const frames: Buffer[] = [];
    let at = 0;
    while (at < chunk.length) {
      const missing = this.wanted - this.waitingBytes;
      if (chunk.length - at < missing) {
        this.keep(at === 0 ? chunk : chunk.subarray(at));
        break;
      }
      const next = at + missing;
      if (this.prefixKnown) {
        frames.push(this.complete(chunk, at, next));
        this.wanted = 4;
        this.prefixKnown = false;
      } else if (this.waitingBytes === 0) {
        this.expect(chunk.readInt32BE(at));
        // The common case: the whole frame is here, and its prefix need not be kept.
        if (chunk.length - at < this.wanted) this.keep(chunk.subarray(at, next));
        else {
          frames.push(chunk.subarray(next, at + this.wanted));
          at += this.wanted;
          this.wanted = 4;
          this.prefixKnown = false;
          continue;
        }
      } else {
        this.keep(chunk.subarray(at, next));
        this.expect(this.prefix());
      }
      at = next;
    }
    return frames;
  }

  private expect(size: number): void {
    if (size < LEAST_FRAME_BYTES) throw new MalformedFrameError(`length prefix ${size}`);
    if (size > this.maxFrameBytes) {
      throw new MalformedFrameError(`length prefix ${size}: ${this.maxFrameBytes} is the most`);
    }
    this.wanted = size + 4;
    this.prefixKnown = true;
  }

  private keep(piece: Buffer): void {
    this.waitingBytes += piece.length;
    if (piece.length >= SMALL_CHUNK_BYTES) {
      this.sealGather();
      this.waiting.push(piece);
      return;
    }
    if (this.gather === undefined || this.gather.length - this.gathered < piece.length) {
      this.sealGather();
      // The first gathering is as small as what it gathers: most often a length prefix on its own.
      this.gather = Buffer.allocUnsafe(this.waiting.length === 0 ? SMALL_CHUNK_BYTES : GATHER_BYTES);
      this.gathered = 0;
    }
    this.gather.set(piece, this.gathered);
    this.gathered += piece.length;
  }

  private sealGather(): void {
    if (this.gather !== undefined) this.waiting.push(this.gather.subarray(0, this.gathered));
    this.gather = undefined;
  }

  private prefix(): number {
    this.sealGather();
    const bytes = this.waiting.length === 1 ? this.waiting[0]! : Buffer.concat(this.waiting);
    return bytes.readInt32BE(0);
  }

  /** The frame under way, whose last bytes are `chunk` from `from` to `to`. */
  private complete(chunk: Buffer, from: number, to: number): Buffer {
    this.sealGather();
    const whole = Buffer.allocUnsafeSlow(this.wanted - 4);
    let skip = 4;
    let at = 0;
    for (const piece of this.waiting) {
      const part = Math.min(skip, piece.length);
      skip -= part;
      whole.set(part === 0 ? piece : piece.subarray(part), at);
      at += piece.length - part;
    }
    whole.set(chunk.subarray(from, to), at);
    this.waiting = [];
    this.waitingBytes = 0;
    return whole;
  }
}
