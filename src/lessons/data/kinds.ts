import type { Person } from './card.js';
import { payments } from './payments.js';
import { structure } from './structure.js';
import { transactions } from './transactions.js';

/** How one data set is made. */
export interface Kind {
  /** Its name in `datasets/`. */
  readonly file: string;
  readonly encoding: 'gb18030' | 'utf8';
  readonly lineEnd: '\r\n' | '\n';
  /** Rows of the file in the repository, without the header. */
  readonly rows: number;
  readonly seed: string;
  /** Its lines, the header first. */
  lines(rows: number, seed: string, people: readonly Person[]): Generator<string, void>;
}

export const kinds = {
  transactions: {
    file: 'data.csv',
    encoding: 'gb18030',
    lineEnd: '\r\n',
    rows: 2000,
    seed: '1990',
    lines: transactions,
  },
  payments: {
    file: 'transaction_data_generated.csv',
    encoding: 'utf8',
    lineEnd: '\r\n',
    rows: 3000,
    seed: '2024',
    lines: payments,
  },
  structure: {
    file: 'structure_data.csv',
    encoding: 'utf8',
    lineEnd: '\n',
    rows: 10_040,
    seed: '7',
    lines: structure,
  },
} as const satisfies Record<string, Kind>;
