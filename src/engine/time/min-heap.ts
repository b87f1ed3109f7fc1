/** Numbers, the smallest first. The same number may lie in it several times. */
export class MinHeap {
  /** The smallest, `Infinity` if there is none (or if that is the smallest: ask `size`). */
  min = Number.POSITIVE_INFINITY;
  private readonly heap: number[] = [];

  get size(): number {
    return this.heap.length;
  }

  push(value: number): void {
    const { heap } = this;
    let at = heap.length;
    heap.push(value);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = heap[parent] as number;
      if (above <= value) break;
      heap[at] = above;
      at = parent;
    }
    heap[at] = value;
    this.min = heap[0] as number;
  }

  /** Takes the smallest out. */
  pop(): void {
    const { heap } = this;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) {
      this.min = Number.POSITIVE_INFINITY;
      return;
    }
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && (heap[child + 1] as number) < (heap[child] as number)) child++;
      if ((heap[child] as number) >= last) break;
      heap[at] = heap[child] as number;
      at = child;
    }
    heap[at] = last;
    this.min = heap[0] as number;
  }
}
