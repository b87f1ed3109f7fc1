import { setTimeout as delay } from 'node:timers/promises';
import { messageOf, StreambookError } from '../core/errors.js';
import { ClusterConnectionError } from './errors.js';

/** How a server is spoken to. */
export interface HttpOptions {
  /** How long an answer may take, in ms. Default 60,000: planning a big query on a busy machine takes seconds. */
  readonly timeoutMs?: number;
  /** How often a question that may be asked twice is asked again when the connection breaks. Default 4. */
  readonly retries?: number;
}

/** An answer, read to its end. */
export interface Answer {
  readonly status: number;
  readonly text: string;
}

const RETRY_MS = 250;

/** One server of a cluster: asks it, and says plainly when there is no answer. */
export class Http {
  private readonly timeoutMs: number;
  private readonly retries: number;

  /**
   * @param url `http://127.0.0.1:8083`
   * @param what for messages: `SQL Gateway`
   */
  constructor(
    readonly url: string,
    private readonly what: string,
    { timeoutMs = 60_000, retries = 4 }: HttpOptions = {},
  ) {
    this.timeoutMs = timeoutMs;
    this.retries = retries;
  }

  /**
   * @param path begins with `/`
   * @param again whether the question may be asked twice: reading is, and what ends something
   * @throws ClusterConnectionError
   */
  async ask(
    method: 'GET' | 'POST' | 'DELETE' | 'PATCH',
    path: string,
    body?: unknown,
    again = method === 'GET',
    signal?: AbortSignal,
  ): Promise<Answer> {
    for (let attempt = 0; ; attempt++) {
      try {
        return await this.once(method, path, body, signal);
      } catch (error) {
        if (signal?.aborted === true) throw error;
        if (!again || attempt >= this.retries || timedOut(error)) throw this.explained(error, method, path);
        await delay(RETRY_MS * 2 ** attempt);
      }
    }
  }

  private async once(method: string, path: string, body: unknown, signal?: AbortSignal): Promise<Answer> {
    const patience = AbortSignal.timeout(this.timeoutMs);
    const response = await fetch(`${this.url}${path}`, {
      method,
      signal: signal === undefined ? patience : AbortSignal.any([patience, signal]),
      ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    return { status: response.status, text: await response.text() };
  }

  private explained(error: unknown, method: string, path: string): StreambookError {
    if (error instanceof StreambookError) return error;
    const where = `${method} ${this.url}${path}`;
    if (timedOut(error)) {
      return new ClusterConnectionError(`the ${this.what} did not answer within ${this.timeoutMs / 1000} s`, {
        where,
        cause: error,
        hint: 'it may be stuck or unreachable: `streambook cluster status`, or its log',
      });
    }
    const { reason, hint } = refusal((error as { cause?: unknown }).cause ?? error);
    return new ClusterConnectionError(`no ${this.what} answers at ${this.url}: ${reason}`, {
      where,
      cause: error,
      hint,
    });
  }
}

/** What went wrong, in words; OpenSSL's own name places in its source. */
function refusal(cause: unknown): { readonly reason: string; readonly hint: string } {
  const code = String((cause as { code?: unknown }).code);
  if (code === 'ERR_SSL_WRONG_VERSION_NUMBER' || code === 'ERR_SSL_PACKET_LENGTH_TOO_LONG') {
    return { reason: 'what listens there does not speak TLS', hint: 'the address begins with http://, not https://' };
  }
  if (/CERT|SELF_SIGNED|UNABLE_TO_VERIFY/.test(code)) {
    return {
      reason: `its certificate is not trusted (${messageOf(cause)})`,
      hint: 'NODE_EXTRA_CA_CERTS=<file.pem> makes Node trust an authority of your own',
    };
  }
  return {
    reason: messageOf(cause),
    hint: '`streambook cluster start` starts one on this machine and prints its address',
  };
}

function timedOut(error: unknown): boolean {
  return error instanceof Error && error.name === 'TimeoutError';
}
