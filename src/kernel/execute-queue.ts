import type { Request } from './transport/messages.js';

/** The last failure, as far as it concerns what was sent before anybody could know of it. */
interface Failure {
  readonly session: string;
  /** Just before its reply was sent. */
  readonly at: number;
}

/** Later than this nothing is still on its way from before the failure. */
const inFlightMs = 500;

/**
 * Runs cells one after the other, and decides which are given up after a failing one.
 *
 * Jupyter's rule: what was queued when a cell failed is answered `aborted` (so Run All stops there), unless the client
 * asked to go on (`stop_on_error: false`). tslab aborts everything that arrives within 200 ms after the failure, so a
 * cell started quickly by hand, or by a program that allows errors, vanishes without a word. Here a cell is given up
 * only if it was already here, or was sent before the failing cell's reply: its header tells when.
 */
export class ExecuteQueue {
  private readonly waiting: Request[] = [];
  private running = false;
  private failure: Failure | undefined;
  /** By session, the smallest difference seen between its clock and ours, its way to us included. */
  private readonly offsets = new Map<string, number>();

  /**
   * @param run runs the cell and replies; a time: it failed, what is queued shall not run, and the reply was sent no
   *   earlier than that. Taken before it is sent, because the client may answer before this thread goes on.
   * @param abort replies that the cell was given up
   */
  constructor(
    private readonly run: (request: Request) => Promise<number | undefined>,
    private readonly abort: (request: Request) => void,
    private readonly now: () => number = Date.now,
  ) {}

  get busy(): boolean {
    return this.running;
  }

  add(request: Request): void {
    const { session, date } = request.header;
    const offset = this.now() - Date.parse(date);
    const known = this.offsets.get(session);
    if (known === undefined || offset < known) this.offsets.set(session, offset);
    if (this.wasInFlight(request)) this.abort(request);
    else {
      this.waiting.push(request);
      void this.drain();
    }
  }

  private wasInFlight({ header }: Request): boolean {
    const { failure } = this;
    if (failure === undefined || failure.session !== header.session) return false;
    if (this.now() > failure.at + inFlightMs) return false;
    // By our clock; at the latest, because the offset holds some of the way.
    return Date.parse(header.date) + (this.offsets.get(header.session) ?? 0) < failure.at;
  }

  private async drain(): Promise<void> {
    if (this.running) return;
    this.running = true;
    for (let request = this.waiting.shift(); request !== undefined; request = this.waiting.shift()) {
      const failedAt = await this.run(request);
      if (failedAt === undefined) continue;
      for (const queued of this.waiting.splice(0)) this.abort(queued);
      this.failure = { session: request.header.session, at: failedAt };
    }
    this.running = false;
  }
}
