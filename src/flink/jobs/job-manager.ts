import { StreambookError } from '../../core/errors.js';
import { parseExactly } from '../gateway/json.js';
import { type Answer, Http, type HttpOptions } from '../http.js';
import { flinkErrorOf } from '../java-error.js';

/** What a cluster has, all in all. */
export interface Overview {
  readonly version: string;
  readonly taskManagers: number;
  readonly slots: number;
  readonly freeSlots: number;
  readonly running: number;
}

/** Flink says it in other words for each question. */
const NO_SUCH_JOB = /FlinkJobNotFoundException|NotFoundException: Job \w+ not found|: Job could not be found/;

/** @internal */
export function noSuchJob(id: string): StreambookError {
  return new StreambookError('job-not-found', `the cluster knows no job ${id}`, {
    hint: '(await cluster()).jobs() lists those that it knows; it forgets old ones',
  });
}

/**
 * The JobManager of a cluster, over its REST interface.
 *
 * @see Flink: REST API
 */
export class JobManager {
  private readonly http: Http;

  /** @param url where its Web UI is, too: `http://127.0.0.1:8081` */
  constructor(url: string, options: HttpOptions = {}) {
    this.http = new Http(url.replace(/\/+$/, ''), 'JobManager', options);
  }

  get url(): string {
    return this.http.url;
  }

  async overview(): Promise<Overview> {
    const answer = (await this.get('/overview')) as Record<string, number> & { 'flink-version': string };
    return {
      version: answer['flink-version'],
      taskManagers: answer.taskmanagers ?? 0,
      slots: answer['slots-total'] ?? 0,
      freeSlots: answer['slots-available'] ?? 0,
      running: answer['jobs-running'] ?? 0,
    };
  }

  /** @internal */
  async get(path: string): Promise<unknown> {
    return this.read(await this.http.ask('GET', path), path);
  }

  /** @internal */
  async send(method: 'POST' | 'PATCH', path: string, body?: unknown): Promise<unknown> {
    return this.read(await this.http.ask(method, path, body), path);
  }

  private read({ status, text }: Answer, path: string): unknown {
    if (status >= 200 && status < 300) return text === '' ? {} : parseExactly(text);
    const { errors } = (text.startsWith('{') ? parseExactly(text) : {}) as { errors?: readonly string[] };
    const told = (errors ?? [text]).filter((line) => line !== 'Internal server error.').join('\n');
    if (NO_SUCH_JOB.test(told)) throw noSuchJob(path.split(/[/?]/)[2] as string);
    throw flinkErrorOf(told);
  }
}
