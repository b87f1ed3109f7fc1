import { types } from 'node:util';
import { quoted } from '../../core/arguments.js';
import { ArgumentError } from '../../core/errors.js';
import type { OperatorContext } from '../operator-context.js';
import { type CheckpointedFunction, initialiseFunction } from './checkpointed-function.js';
import { RuntimeContext } from './runtime-context.js';

/** What a function object may have besides its main method. */
export interface RichFunction {
  /** Called once before the first element, with the state and counters that belong to this subtask. */
  open?(context: RuntimeContext): void | Promise<void>;
  /** Called once at the end. */
  close?(): void | Promise<void>;
}

/** The base of function classes: gives them their runtime context. */
export abstract class AbstractRichFunction implements RichFunction {
  private context: RuntimeContext | undefined;

  /** Available from `open` on. */
  getRuntimeContext(): RuntimeContext {
    if (this.context === undefined) throw new ArgumentError('getRuntimeContext() was called before open()');
    return this.context;
  }

  /** Called by the engine before {@link open}. */
  setRuntimeContext(context: RuntimeContext): void {
    this.context = context;
  }

  open(_context: RuntimeContext): void | Promise<void> {}
  close(): void | Promise<void> {}
}

/**
 * A copy of a user's function object, so that subtasks and attempts do not share fields. Objects with `#private` fields
 * cannot be copied from outside: pass a function that makes them.
 */
export function instanceOf<F extends object>(fn: F | (() => F)): F {
  if (typeof fn === 'function') return (fn as () => F)();
  return Object.assign(Object.create(Object.getPrototypeOf(fn)) as F, fn);
}

/** Gives a function object its context and opens it. */
export function openFunction(fn: RichFunction, context: OperatorContext): void | Promise<void> {
  const runtime = new RuntimeContext(context);
  if (fn instanceof AbstractRichFunction) fn.setRuntimeContext(runtime);
  initialiseFunction(fn as Partial<CheckpointedFunction>, context);
  return fn.open?.(runtime);
}

/** Checks that an argument is a function and quotes it if not. What it returns is used at once, so it must not be async, but where that is said. */
export function checkFunction(where: string, fn: unknown, mayBeAsync = false): void {
  if (typeof fn !== 'function') throw new ArgumentError(`${where}: expected a function, got ${quoted(fn)}`);
  refuseClass(where, fn);
  if (mayBeAsync || !types.isAsyncFunction(fn)) return;
  throw new ArgumentError(`${where}: an async function gives a promise, not a result`, {
    hint: 'AsyncDataStream.orderedWait(stream, async (value) => ...) waits for the results, and does not hold the others up',
  });
}

function refuseClass(where: string, fn: { readonly name: string }): void {
  if (!/^class\b/.test(Function.prototype.toString.call(fn))) return;
  throw new ArgumentError(`${where}: ${fn.name} is a class, not an object of it`, { hint: `new ${fn.name}()` });
}

/** How a function object may be given besides as an object: as the function itself, as a function that makes it, or not. */
export type FunctionForm = 'function' | 'maker' | 'object';

/** Methods that an object need not have, and whose end is not waited for either. */
const MAY_HAVE = ['onTimer', 'clear', 'merge', 'onMerge'];

/** Checks that an argument is a function object, or what stands for one, and names the methods it has to have. */
export function checkMethods(where: string, fn: unknown, methods: readonly string[], form: FunctionForm): void {
  if (typeof fn === 'function') refuseClass(where, fn);
  if (typeof fn === 'function' && form !== 'object') {
    if (form === 'function') checkFunction(where, fn);
    return;
  }
  const given = typeof fn === 'object' && fn !== null ? (fn as Record<string, unknown>) : undefined;
  for (const method of methods) {
    if (given !== undefined && typeof given[method] === 'function') checkFunction(`${where}: ${method}`, given[method]);
    else {
      throw new ArgumentError(
        given === undefined
          ? `${where}: expected ${form === 'object' ? '' : 'a function or '}an object with methods, got ${quoted(fn)}`
          : `${where}: the object has no method \`${method}\``,
        { hint: `it has ${methods.map((name) => `${name}(...)`).join(' and ')}` },
      );
    }
  }
  for (const method of MAY_HAVE) {
    if (given?.[method] !== undefined) checkFunction(`${where}: ${method}`, given[method]);
  }
}

/** @throws ArgumentError for a function whose result the next call needs, and which gave none */
export function missingReturn(where: string, what: string): never {
  throw new ArgumentError(`${where}: the function returned nothing (undefined)`, {
    hint: `it returns ${what}: a function in braces needs a \`return\``,
  });
}
