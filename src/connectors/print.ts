import { inspect } from 'node:util';
import { Operator } from '../engine/operator.js';

/** One element as `print` writes it: texts as they are, everything else as Node shows it, in one line. */
export function printed(value: unknown): string {
  return typeof value === 'string'
    ? value
    : inspect(value, { depth: 6, breakLength: Number.POSITIVE_INFINITY, compact: true });
}

/**
 * Writes each element on a line of its own. With a parallelism above 1 the line begins with the subtask's number, with an
 * identifier with that: `id:2> ...`.
 *
 * @see Flink: `PrintSink`
 */
export class PrintOperator<T> extends Operator<T, never> {
  private prefix = '';

  constructor(
    private readonly identifier: string | undefined,
    private readonly write: (line: string) => void = (line) => console.log(line),
    private readonly text: (value: T) => string = printed,
  ) {
    super('Print');
  }

  override open(): void {
    const { parallelism, subtask } = this.context;
    const parts: string[] = [];
    if (this.identifier !== undefined && this.identifier !== '') parts.push(this.identifier);
    if (parallelism > 1) parts.push(String(subtask + 1));
    this.prefix = parts.length === 0 ? '' : `${parts.join(':')}> `;
  }

  override processElement(value: T): void {
    this.write(this.prefix + this.text(value));
  }
}
