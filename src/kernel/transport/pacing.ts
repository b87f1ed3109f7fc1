/**
 * Holds output below what a Jupyter server passes on. With its defaults the server drops (and says so) what exceeds
 * 1,000 messages or 1 MB per second, measured over 3 seconds; a full bucket and three seconds of refill stay below.
 *
 * @see jupyter_server: `ZMQChannelsWebsocketConnection.iopub_msg_rate_limit`, `iopub_data_rate_limit`
 */
export class Pacing {
  private messages: number;
  private bytes: number;
  private last: number;

  constructor(
    private readonly now: () => number = Date.now,
    private readonly burst = { messages: 1000, bytes: 1_000_000 },
    private readonly perSecond = { messages: 600, bytes: 600_000 },
  ) {
    this.messages = burst.messages;
    this.bytes = burst.bytes;
    this.last = now();
  }

  /**
   * Takes one message of `bytes` out of the bucket.
   *
   * @returns how many milliseconds to wait before sending it; 0 most of the time
   */
  take(bytes: number): number {
    const now = this.now();
    const seconds = Math.max(0, now - this.last) / 1000;
    this.last = now;
    this.messages = Math.min(this.burst.messages, this.messages + seconds * this.perSecond.messages) - 1;
    this.bytes = Math.min(this.burst.bytes, this.bytes + seconds * this.perSecond.bytes) - bytes;
    const missing = Math.max(-this.messages / this.perSecond.messages, -this.bytes / this.perSecond.bytes);
    return Math.max(0, Math.ceil(missing * 1000));
  }
}
