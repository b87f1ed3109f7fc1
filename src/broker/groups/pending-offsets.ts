import type { Committed } from './offset-store.js';

/** An offset that counts when its transaction commits. */
export interface PendingOffset {
  readonly groupId: string;
  readonly topic: string;
  readonly partition: number;
  readonly committed: Committed;
}

/** Offsets that were written in transactions which are still open. */
export class PendingOffsets {
  /** Producer id -> what it wrote. */
  private readonly byProducer = new Map<number, PendingOffset[]>();

  add(producerId: number, offsets: readonly PendingOffset[]): void {
    const before = this.byProducer.get(producerId) ?? [];
    this.byProducer.set(producerId, [...before, ...offsets]);
  }

  clear(): void {
    this.byProducer.clear();
  }

  /** Takes back what could not be written. */
  drop(producerId: number, offsets: readonly PendingOffset[]): void {
    this.keep(producerId, (one) => !offsets.includes(one));
  }

  /** What the producer's transaction wrote; it is over. */
  take(producerId: number): readonly PendingOffset[] {
    const offsets = this.byProducer.get(producerId) ?? [];
    this.byProducer.delete(producerId);
    return offsets;
  }

  /** Whether a transaction is about to change the offset. */
  has(groupId: string, topic: string, partition: number): boolean {
    return this.some((one) => one.groupId === groupId && one.topic === topic && one.partition === partition);
  }

  hasGroup(groupId: string): boolean {
    return this.some((one) => one.groupId === groupId);
  }

  ofGroup(groupId: string): PendingOffset[] {
    return [...this.byProducer.values()].flat().filter((one) => one.groupId === groupId);
  }

  /** Forgets what was written for a partition: it has been deleted since. */
  forget(groupId: string, topic: string, partition: number): void {
    for (const producerId of [...this.byProducer.keys()]) {
      this.keep(producerId, (one) => one.groupId !== groupId || one.topic !== topic || one.partition !== partition);
    }
  }

  private keep(producerId: number, wanted: (one: PendingOffset) => boolean): void {
    const offsets = this.byProducer.get(producerId)?.filter(wanted) ?? [];
    if (offsets.length > 0) this.byProducer.set(producerId, offsets);
    else this.byProducer.delete(producerId);
  }

  private some(matches: (one: PendingOffset) => boolean): boolean {
    for (const offsets of this.byProducer.values()) if (offsets.some(matches)) return true;
    return false;
  }
}
