/** A connection, as the budget sees it. */
export interface BudgetHolder {
  /** Bytes that it holds: parts of frames, and requests that are waiting or being served. */
  heldBytes: number;
  pauseReading(): void;
  resumeReading(): void;
}

/**
 * Bounds the memory that requests of all connections take together. Above the limit connections are not read from any
 * more, except one: so at least one request always comes to its end, and its memory back.
 */
export class MemoryBudget {
  private held = 0;
  private favoured: BudgetHolder | undefined;
  private readonly waiting = new Set<BudgetHolder>();

  constructor(private readonly limitBytes: number) {}

  /** Bytes that all connections hold. */
  get heldBytes(): number {
    return this.held;
  }

  /** Sets what a connection holds, after it has read or answered something. */
  update(holder: BudgetHolder, bytes: number): void {
    this.held += bytes - holder.heldBytes;
    holder.heldBytes = bytes;
    if (bytes === 0 && this.favoured === holder) this.favoured = undefined;
    if (this.held > this.limitBytes) {
      if (bytes > 0) this.favoured ??= holder;
      if (this.favoured !== holder && bytes > 0) {
        this.waiting.add(holder);
        holder.pauseReading();
      }
    }
    this.wake();
  }

  /** The connection is closed. */
  leave(holder: BudgetHolder): void {
    this.waiting.delete(holder);
    this.update(holder, 0);
  }

  private wake(): void {
    for (const holder of this.waiting) {
      if (this.held > this.limitBytes && this.favoured !== undefined) return;
      if (this.held > this.limitBytes) this.favoured = holder;
      this.waiting.delete(holder);
      holder.resumeReading();
    }
  }
}
