import { honoured, type OptionList, own } from '../option-list.js';

/** @see Flink: DataGen SQL Connector */
export const DATAGEN_OPTIONS: OptionList = {
  name: 'datagen',
  entries: [
    honoured('rows-per-second', '10000'),
    honoured('number-of-rows'),
    honoured('scan.parallelism'),
    honoured('fields.#.kind', 'random', '`random` or `sequence`'),
    honoured('fields.#.min', undefined, 'numbers; default: the least of the type'),
    honoured('fields.#.max', undefined, 'numbers; default: the largest of the type'),
    honoured('fields.#.max-past', '0', 'TIMESTAMP, TIMESTAMP_LTZ'),
    honoured('fields.#.length', '100', 'VARCHAR, VARBINARY; ARRAY, MAP, MULTISET: 3'),
    honoured('fields.#.var-len', 'false', 'VARCHAR, VARBINARY'),
    honoured('fields.#.null-rate', '0', 'from 0 to 1'),
    honoured('fields.#.start', undefined, 'of a sequence, which needs it'),
    honoured('fields.#.end', undefined, 'of a sequence, which needs it; the shortest ends the table'),
    own('seed', undefined, 'a whole number; with it, every run makes the same rows'),
  ],
};
