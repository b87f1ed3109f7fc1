import { StringDecoder } from 'node:string_decoder';
import type { MimeBundle } from '../core/display.js';

/** Sends one message of the cell's output: its type and content. */
export type Publish = (type: string, content: unknown) => void;

export type StreamName = 'stdout' | 'stderr';

interface Part {
  readonly name: StreamName;
  readonly texts: string[];
}

interface Pending {
  bundle: MimeBundle | undefined;
  timer: NodeJS.Timeout | undefined;
}

/** Text is sent at most this often; a display is redrawn at most this often. */
const streamEveryMs = 30;
const displayEveryMs = 60;
/** So many writes in that time go out as they are: the thread with the sockets joins them even while a cell is busy. */
const directWrites = 20;
/** stdout and stderr keep their order up to so many changes per message round; a wild mix is sorted by stream. */
const maxParts = 20;
/** A message holds at most so much text; a cell at most so much that is not sent yet. */
const maxMessage = 500_000;
const maxPending = 64_000_000;

/**
 * The output area of one cell.
 *
 * tslab sends each write as a message of its own: 5,000 lines are 5,000 messages, of which Jupyter's server shows 3,000
 * and the kernel's socket takes 500. Here text is joined, and of a display that changes quickly the latest state is
 * sent. `flush()` sends the rest at once: before the cell ends, nothing is left behind.
 */
export class CellOutput {
  private parts: Part[] = [];
  private pendingLength = 0;
  private dropped = 0;
  private lastSent = 0;
  private windowStart = 0;
  private direct = 0;
  private timer: NodeJS.Timeout | undefined;
  private readonly decoders = { stdout: new StringDecoder('utf8'), stderr: new StringDecoder('utf8') };
  private readonly displays = new Map<string, Pending>();

  constructor(private readonly publish: Publish) {}

  write(name: StreamName, chunk: string | Uint8Array): void {
    const text = typeof chunk === 'string' ? chunk : this.decoders[name].write(Buffer.from(chunk));
    if (text === '') return;
    if (this.pendingLength > maxPending) {
      this.dropped += text.length;
      return;
    }
    const now = Date.now();
    if (now - this.windowStart >= streamEveryMs) {
      this.windowStart = now;
      this.direct = 0;
    }
    if (this.parts.length === 0 && this.direct < directWrites && text.length < maxMessage) {
      this.direct++;
      this.publish('stream', { name, text });
      return;
    }
    this.pendingLength += text.length;
    const last = this.parts.at(-1);
    if (last?.name === name) last.texts.push(text);
    else if (this.parts.length < maxParts) this.parts.push({ name, texts: [text] });
    else (this.parts.findLast((part) => part.name === name) ?? last!).texts.push(text);
    // A busy cell runs no timers: whoever writes late enough sends what has gathered.
    const wait = this.lastSent + streamEveryMs - now;
    if (wait <= 0) this.flushText();
    else this.timer ??= setTimeout(() => this.flushText(), wait).unref();
  }

  /**
   * Shows a bundle. The first of a `displayId` goes out at once; updates are joined, the last one is never lost.
   *
   * @param displayId absent for output that never changes
   */
  show(bundle: MimeBundle, displayId: string | undefined, update: boolean): void {
    if (!update || displayId === undefined) {
      this.flushText();
      this.send(update ? 'update_display_data' : 'display_data', bundle, displayId);
      return;
    }
    const pending = this.displays.get(displayId);
    if (pending === undefined) {
      this.send('update_display_data', bundle, displayId);
      this.rest(displayId);
    } else pending.bundle = bundle;
  }

  /** Any other message, in its place after what was written before. */
  message(type: string, content: unknown): void {
    this.flush();
    this.publish(type, content);
  }

  /** Sends all that waits. */
  flush(): void {
    this.flushText();
    for (const [displayId, pending] of this.displays) {
      clearTimeout(pending.timer);
      this.displays.delete(displayId);
      if (pending.bundle !== undefined) this.send('update_display_data', pending.bundle, displayId);
    }
  }

  private flushText(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.parts.length === 0) return;
    const parts = this.parts;
    this.parts = [];
    this.pendingLength = 0;
    if (this.dropped > 0) {
      const text = `\n[streambook: ${this.dropped} more characters were printed at once and are not shown]\n`;
      parts.push({ name: 'stderr', texts: [text] });
      this.dropped = 0;
    }
    for (const part of parts) {
      const text = part.texts.join('');
      for (let start = 0; start < text.length; ) {
        let end = Math.min(text.length, start + maxMessage);
        // Never between the two halves of a character outside the basic plane.
        if (end < text.length && (text.charCodeAt(end) & 0xfc00) === 0xdc00) end--;
        this.publish('stream', { name: part.name, text: text.slice(start, end) });
        start = end;
      }
    }
    this.lastSent = Date.now();
  }

  /** After an update the display rests; what came meanwhile follows, and it rests again. */
  private rest(displayId: string): void {
    const pending: Pending = { bundle: undefined, timer: undefined };
    pending.timer = setTimeout(() => {
      this.displays.delete(displayId);
      if (pending.bundle === undefined) return;
      this.send('update_display_data', pending.bundle, displayId);
      this.rest(displayId);
    }, displayEveryMs);
    this.displays.set(displayId, pending);
  }

  private send(type: string, bundle: MimeBundle, displayId: string | undefined): void {
    const transient = displayId === undefined ? {} : { display_id: displayId };
    this.publish(type, { data: bundle, metadata: {}, transient });
  }
}
