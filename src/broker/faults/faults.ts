import { ArgumentError } from '../../core/errors.js';
import { apis } from '../../wire/apis/index.js';
import type { ApiName } from '../../wire/codec.js';
import { errorCodes } from '../../wire/error-codes.js';
import type { Fault, FaultRequest, FaultTarget, InjectedFault } from './fault.js';

/** What shall happen to a request. */
export interface Verdict {
  readonly delayMs: number;
  /** Undefined: it is served, only later. */
  readonly outcome: 'drop' | 'lose-answer' | { readonly errorAnswer: object } | undefined;
}

/** A request, and how an error would be answered to it. */
export interface JudgedRequest extends FaultRequest {
  /** Undefined when the answer has no place for an error. */
  errorAnswer(errorCode: number): object | undefined;
}

type RequestFault = Exclude<Fault, { fault: 'refuse' }>;

/** The faults of a broker, in the order in which they were injected. */
export class Faults {
  /** Whether there are any for requests. Looked at for each request, so that having none costs nothing. */
  active = false;
  /** Whether there are any for new connections. */
  refusing = false;
  private rules: Rule[] = [];

  /** @throws ArgumentError */
  inject(fault: Fault): InjectedFault {
    check(fault);
    const rule: Rule = new Rule(fault, () => this.remove(rule));
    this.rules.push(rule);
    this.look();
    return rule;
  }

  /** Removes all of them. */
  clear(): void {
    for (const rule of [...this.rules]) rule.remove();
  }

  /** What happens to a request: delays add up, and the first fault of another kind decides the rest. */
  judge(request: JudgedRequest): Verdict | undefined {
    let delayMs = 0;
    let outcome: Verdict['outcome'];
    let hit = false;
    for (const rule of [...this.rules]) {
      const { fault } = rule;
      if (fault.fault === 'refuse' || !matches(fault, request)) continue;
      if (fault.fault === 'delay') delayMs += fault.delayMs;
      else {
        if (outcome !== undefined) continue;
        if (fault.fault === 'error') {
          // A client that cannot even ask for the versions would learn nothing from it.
          const meant = fault.api !== undefined || request.api !== 'ApiVersions';
          const errorAnswer = meant ? request.errorAnswer(errorCodes[fault.error]) : undefined;
          if (errorAnswer === undefined) continue;
          outcome = { errorAnswer };
        } else outcome = fault.fault;
      }
      rule.count();
      hit = true;
    }
    return hit ? { delayMs, outcome } : undefined;
  }

  /** Whether a new connection is refused. */
  refuse(): boolean {
    const rule = this.rules.find(({ fault }) => fault.fault === 'refuse');
    rule?.count();
    return rule !== undefined;
  }

  private remove(rule: Rule): void {
    this.rules = this.rules.filter((one) => one !== rule);
    this.look();
  }

  private look(): void {
    this.refusing = this.rules.some(({ fault }) => fault.fault === 'refuse');
    this.active = this.rules.some(({ fault }) => fault.fault !== 'refuse');
  }
}

class Rule implements InjectedFault {
  hits = 0;
  active = true;
  private waiting: { readonly times: number; readonly resolve: () => void }[] = [];

  constructor(
    readonly fault: Fault,
    private readonly ended: () => void,
  ) {}

  count(): void {
    this.hits++;
    if (this.fault.times !== undefined && this.hits >= this.fault.times) this.remove();
    for (const { times, resolve } of this.waiting) if (this.hits >= times) resolve();
    this.waiting = this.waiting.filter(({ times }) => this.hits < times);
  }

  hit(times = 1): Promise<void> {
    if (this.hits >= times) return Promise.resolve();
    return new Promise((resolve) => this.waiting.push({ times, resolve }));
  }

  remove(): void {
    if (!this.active) return;
    this.active = false;
    this.ended();
  }
}

function matches({ api, clientId, topic, when }: RequestFault & FaultTarget, request: FaultRequest): boolean {
  if (api !== undefined && (typeof api === 'string' ? api !== request.api : !api.includes(request.api))) return false;
  if (clientId !== undefined && !fits(clientId, request.clientId)) return false;
  if (topic !== undefined && !request.topics.some((name) => fits(topic, name))) return false;
  return when === undefined || when(request);
}

function fits(wanted: string | RegExp, text: string): boolean {
  // Not `test`: a pattern with the flag `g` would begin where its last match ended.
  return typeof wanted === 'string' ? wanted === text : text.search(wanted) >= 0;
}

const KINDS: readonly Fault['fault'][] = ['delay', 'drop', 'lose-answer', 'error', 'refuse'];

function check(fault: Fault): void {
  if (!KINDS.includes(fault.fault)) {
    throw new ArgumentError(`fault must be one of ${KINDS.join(', ')}, not '${String((fault as Fault).fault)}'`);
  }
  const { times } = fault;
  if (times !== undefined && !(Number.isInteger(times) && times >= 1)) {
    throw new ArgumentError(`times must be a whole number from 1 on, not ${times}`);
  }
  if (fault.fault === 'refuse') return;
  for (const name of fault.api === undefined ? [] : ([fault.api].flat() as ApiName[])) {
    if (!(name in apis))
      throw new ArgumentError(`there is no API '${name}'`, { hint: 'use names such as Produce or JoinGroup' });
  }
  if (fault.fault === 'delay' && !(fault.delayMs >= 0 && fault.delayMs <= 0x7fffffff)) {
    throw new ArgumentError(`delayMs must be a number of milliseconds from 0 on, not ${fault.delayMs}`);
  }
  if (fault.fault === 'error' && (!(fault.error in errorCodes) || fault.error === 'NONE')) {
    throw new ArgumentError(`there is no error '${fault.error}'`, {
      hint: "use Kafka's names, such as NOT_LEADER_OR_FOLLOWER",
    });
  }
}
