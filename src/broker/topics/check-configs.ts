import { KafkaError } from '../kafka-error.js';
import { listOf, problemWith, type TopicConfigKey, topicConfigKey } from './configs.js';
import type { ConfigValues } from './log-config-of.js';

/** A change of one key, as IncrementalAlterConfigs has it. */
export interface ConfigChange {
  readonly name: string;
  /** 0: set, 1: delete, 2: append, 3: subtract. */
  readonly configOperation: number;
  readonly value: string | null;
}

const SET = 0;
const DELETE = 1;
const APPEND = 2;
const SUBTRACT = 3;

/**
 * Checks the configuration of a topic as a whole.
 *
 * @throws KafkaError INVALID_CONFIG, INVALID_REQUEST
 */
export function checkConfigs(
  configs: readonly { readonly name: string; readonly value: string | null }[],
): ConfigValues {
  const values: Record<string, string> = {};
  for (const { name, value } of configs) values[name] = checkOne(known(name), value);
  return values;
}

/**
 * Applies changes to a topic's own values.
 *
 * @throws KafkaError INVALID_CONFIG, INVALID_REQUEST
 */
export function changeConfigs(
  before: ConfigValues,
  inherited: (key: string) => string,
  changes: readonly ConfigChange[],
): ConfigValues {
  const after: Record<string, string> = { ...before };
  const seen = new Set<string>();
  for (const { name, configOperation, value } of changes) {
    if (seen.has(name)) throw new KafkaError('INVALID_REQUEST', `Error due to duplicate config keys: ${name}`);
    seen.add(name);
    const key = known(name);
    if (configOperation === DELETE) delete after[name];
    else if (configOperation === SET) after[name] = checkOne(key, value);
    else if (configOperation === APPEND || configOperation === SUBTRACT) {
      if (key.type !== 'list') {
        throw new KafkaError(
          'INVALID_CONFIG',
          `Can't ${configOperation === APPEND ? 'APPEND to' : 'SUBTRACT from'} key ${name} because its type is not LIST.`,
        );
      }
      const parts = listOf(value ?? '');
      const old = listOf(after[name] ?? inherited(name));
      const rest = old.filter((part) => !parts.includes(part));
      after[name] = checkOne(key, (configOperation === APPEND ? [...rest, ...parts] : rest).join(','));
    } else throw new KafkaError('INVALID_REQUEST', `Unknown operation type ${configOperation}`);
  }
  return after;
}

function known(name: string): TopicConfigKey {
  const key = topicConfigKey.get(name);
  if (key === undefined) throw new KafkaError('INVALID_CONFIG', `Unknown topic config name: ${name}`);
  return key;
}

function checkOne(key: TopicConfigKey, value: string | null): string {
  const problem = problemWith(key, value);
  if (problem !== undefined) throw new KafkaError('INVALID_CONFIG', problem);
  return value!.trim();
}
