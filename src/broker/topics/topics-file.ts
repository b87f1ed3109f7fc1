import { StreambookError } from '../../core/errors.js';
import type { Storage } from '../storage/storage.js';
import type { ConfigValues } from './log-config-of.js';

/** A topic in `topics.json`. */
export interface StoredTopic {
  readonly name: string;
  readonly id: string;
  /** Its folders are `logs/<folder>-<partition>`. */
  readonly folder: string;
  /** How many. */
  readonly partitions: number;
  readonly configs: ConfigValues;
}

/** What `topics.json` holds. */
export interface StoredTopics {
  readonly topics: readonly StoredTopic[];
  /** What was set for all topics at run time. */
  readonly defaults: ConfigValues;
}

export const TOPICS_FILE = 'topics.json';

/**
 * Reads `topics.json`.
 *
 * @throws StreambookError `broker-data-damaged`
 */
export function readTopics(storage: Storage): StoredTopics {
  const content = storage.readWhole(TOPICS_FILE);
  const damaged = (why: string): StreambookError =>
    new StreambookError('broker-data-damaged', `${storage.folder}/${TOPICS_FILE} ${why}`, {
      hint: 'the records are still in the folder `logs`; put the file back from a copy, or begin with an empty folder',
    });
  if (content === undefined) {
    if (storage.list('logs').some(({ name }) => !name.endsWith('.deleted'))) throw damaged('is missing');
    return { topics: [], defaults: {} };
  }
  try {
    const stored = JSON.parse(content.toString('utf8')) as { topics: StoredTopic[]; defaults?: ConfigValues };
    const { topics, defaults = {} } = stored;
    for (const { name, id, folder, partitions, configs } of topics) {
      const sound = typeof name === 'string' && typeof id === 'string' && typeof folder === 'string';
      if (!sound || !Number.isInteger(partitions) || typeof configs !== 'object') throw new Error(`topic ${name}`);
    }
    return { topics, defaults };
  } catch (error) {
    throw Object.assign(damaged('cannot be read'), { cause: error });
  }
}
