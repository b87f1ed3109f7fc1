import { createRequire } from 'node:module';
import type { ApiName } from '../../src/wire/index.js';

/*
 * kafkajs as an oracle: it encodes requests and decodes responses, each by hand-written code of its own. What it writes we
 * must read, and the other way round. These are internal files of kafkajs; nothing but tests may touch them.
 */
const require = createRequire(import.meta.url);
interface KafkajsRequest {
  request: { apiKey: number; apiVersion: number; encode(): Promise<unknown> };
  response: { decode(data: Buffer): Promise<Record<string, unknown>> };
}
interface KafkajsApi {
  versions: string[];
  protocol(of: { version: string }): (args: object) => KafkajsRequest;
}
export const encodeFrame = require('kafkajs/src/protocol/request') as (of: object) => Promise<{ buffer: Buffer }>;
const folder = (name: string) => `kafkajs/src/protocol/requests/${name.charAt(0).toLowerCase()}${name.slice(1)}`;
/** kafkajs's code for one API. */
export const kafkajs = (name: ApiName) => require(folder(name)) as KafkajsApi;
