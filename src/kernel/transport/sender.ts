import type { Outgoing } from './messages.js';
import { Pacing } from './pacing.js';

/** Text of one cell and stream is sent at most this often. */
const streamEveryMs = 30;
/** A message holds at most so much text. */
const maxText = 500_000;

interface StreamContent {
  readonly name: string;
  readonly text: string;
}

/**
 * Sends one message at a time, in order: a ZeroMQ socket takes no second one before it is done with the first.
 * Text that waits is joined; it waits only while nothing else does, so a cell's end is never late because of it.
 */
export class Sender {
  private waiting: Outgoing[] = [];
  private others = 0;
  private running: Promise<void> | undefined;
  private nextTextAt = 0;
  private wake: () => void = () => undefined;

  constructor(
    private readonly transmit: (message: Outgoing) => Promise<void>,
    private readonly pacing = new Pacing(),
  ) {}

  send(message: Outgoing): void {
    this.waiting.push(message);
    if (!isText(message)) {
      this.others++;
      this.wake();
    }
    this.running ??= this.drain().finally(() => {
      this.running = undefined;
    });
  }

  /** Resolves when all is sent. */
  async empty(): Promise<void> {
    while (this.running !== undefined) await this.running;
  }

  private async drain(): Promise<void> {
    while (this.waiting.length > 0) {
      const early = this.nextTextAt - Date.now();
      if (this.others === 0 && early > 0) {
        await this.pause(early);
        continue;
      }
      const batch = this.waiting;
      this.waiting = [];
      this.others = 0;
      for (const message of joinText(batch)) await this.sendOne(message);
    }
  }

  private pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  private async sendOne(message: Outgoing): Promise<void> {
    const counts = message.channel === 'iopub' && message.header.msg_type !== 'status';
    const waitMs = counts ? this.pacing.take(Buffer.byteLength(message.content)) : 0;
    if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
    await this.transmit(message);
    if (isText(message)) this.nextTextAt = Date.now() + streamEveryMs;
  }
}

function isText(message: Outgoing): boolean {
  return message.channel === 'iopub' && message.header.msg_type === 'stream';
}

/** Neighbours of one cell and stream become one message. */
function* joinText(messages: readonly Outgoing[]): Generator<Outgoing> {
  let last: { readonly message: Outgoing; readonly name: string; readonly texts: string[]; length: number } | undefined;
  const flush = function* (): Generator<Outgoing> {
    if (last !== undefined)
      yield { ...last.message, content: JSON.stringify({ name: last.name, text: last.texts.join('') }) };
    last = undefined;
  };
  for (const message of messages) {
    if (!isText(message)) {
      yield* flush();
      yield message;
      continue;
    }
    const { name, text } = JSON.parse(message.content) as StreamContent;
    const fits =
      last?.name === name &&
      last.message.parent?.msg_id === message.parent?.msg_id &&
      last.length + text.length <= maxText;
    if (!fits) {
      yield* flush();
      last = { message, name, texts: [], length: 0 };
    }
    last!.texts.push(text);
    last!.length += text.length;
  }
  yield* flush();
}
