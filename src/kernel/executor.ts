import { readFileSync } from 'node:fs';
import vm from 'node:vm';
import { stopRunning } from '../core/running.js';
import { type Cell, runInCell } from './cell.js';
import type { QuickInfo } from './hover.js';
import { KeyboardInterrupt } from './interrupt.js';
import { CellModules } from './modules.js';
import { declarationsAfterFailure } from './patches/declarations.js';
import { emitMaps } from './patches/emit-maps.js';
import { instrument, runtimeName } from './patches/instrument.js';
import { allowTopLevelAwait } from './patches/top-level-await.js';
import { type ErrorReport, reportDiagnostics, reportError, reportInterrupt } from './report.js';
import { createRuntime, installRuntime } from './runtime.js';
import { registerScript } from './stack.js';
import type { Completion, Converted, Converter, Tslab } from './tslab.js';

/** How a cell ended. `value` is that of its last expression, when there is one. */
export type Outcome =
  | { readonly status: 'ok'; readonly value?: unknown }
  | { readonly status: 'error'; readonly report: ErrorReport };

/** The parts of the transport that a running cell needs. */
export interface Interrupts {
  readonly loopFlag: Int32Array;
  takeInterrupt(): boolean;
  breakable<T>(action: () => T): T;
}

/** How long an interrupted cell, or one that runs again, may take to close what it opened. */
const graceMs = 3000;

/** Where the code of a cell finds its arguments: a script cannot be given any. */
const argumentsKey = '__streambookArguments__';

/** Runs cells, one after the other, and keeps what they declare. Takes the place of tslab's executor. */
export class Executor {
  private readonly converter: Converter;
  private readonly modules: CellModules;
  private readonly values: Record<string, unknown> = {};
  private declarations = '';
  private running: { readonly cell: Cell; readonly interrupt: () => void } | undefined;

  constructor(
    private readonly tslab: Tslab,
    private readonly interrupts: Interrupts,
    root: string,
  ) {
    const create = (): Converter => tslab.createConverter({ isJS: false, isBrowser: false });
    this.converter = allowTopLevelAwait(tslab.typescript, create);
    this.modules = new CellModules(tslab, root);
    installRuntime(createRuntime('', interrupts.loopFlag, this.loopBroken, Object));
  }

  /**
   * Never rejects.
   *
   * @param replaced the id of the execution whose place in the notebook this one takes: what it started is stopped first
   */
  async execute(cell: Cell, code: string, replaced?: number): Promise<Outcome> {
    let interruption: Promise<void> | undefined;
    let giveUp = (): void => undefined;
    const given = new Promise<undefined>((resolve) => {
      giveUp = () => resolve(undefined);
    });
    // Not before `running` is set: a cell may be interrupted in its synchronous part.
    const body = Promise.resolve()
      .then(() => (replaced === undefined ? undefined : stopEarlier(replaced)))
      .then(() => (interruption === undefined ? this.run(cell, code) : undefined));
    const interrupt = (): void => {
      // Whoever presses twice does not want to wait.
      if (interruption !== undefined) giveUp();
      interruption ??= this.stop(cell, body).then(giveUp);
    };
    this.running = { cell, interrupt };
    const outcome = await Promise.race([body, given]);
    if (interruption !== undefined) await Promise.race([interruption, given]);
    this.running = undefined;
    if (interruption === undefined && outcome !== undefined) return outcome;
    cell.interrupts.kill();
    return { status: 'error', report: reportInterrupt() };
  }

  /** A busy loop has seen the interrupt before our event loop did. */
  private readonly loopBroken = (): boolean => {
    if (!this.interrupts.takeInterrupt()) return false;
    this.interrupt();
    return true;
  };

  /**
   * Interrupts the cell that runs; without one, nothing happens.
   *
   * @param sentAt when the interrupt was sent; unknown for a signal
   */
  interrupt(sentAt = Number.POSITIVE_INFINITY): void {
    // Interrupts and cells come on two connections: one may overtake the other. A cell that has only just come and was
    // sent after the interrupt is not the one that was meant.
    const cell = this.running?.cell;
    if (cell !== undefined && cell.sentAt > sentAt && Date.now() - cell.startedAt < 100) return;
    this.running?.interrupt();
  }

  complete(source: string, position: number): Completion {
    return this.converter.complete(this.declarations, source, position);
  }

  inspect(source: string, position: number): QuickInfo | undefined {
    return this.converter.inspect(this.declarations, source, position);
  }

  close(): void {
    this.converter.close();
  }

  private async stop(cell: Cell, body: Promise<unknown>): Promise<void> {
    const stopped = runInCell(cell, () => {
      cell.interrupts.interrupt();
      return stopRunning(cell.id);
    });
    await Promise.race([Promise.all([body, stopped]), grace()]);
  }

  private async run(cell: Cell, code: string): Promise<Outcome> {
    const before = { ...this.values };
    let declared: string | undefined;
    try {
      const meta = this.tslab.getCodeMetadata(code);
      if (meta.module !== undefined) return this.addModule(cell, meta.module, code, meta);
      if (meta.mode === 'browser') return { status: 'ok' };
      const { result: converted, emitted } = emitMaps(this.tslab.typescript, () =>
        this.converter.convert(this.declarations, code),
      );
      const known = { file: cell.name, source: code, linesBefore: 1 };
      registerScript(cell.name, { ...known, maps: [], insertions: [], lines: 0 });
      this.modules.update(converted, emitted, readIfThere);
      if (converted.diagnostics.length > 0)
        return { status: 'error', report: reportDiagnostics(converted.diagnostics, cell.name) };
      declared = converted.declOutput ?? '';
      if (converted.output !== undefined) {
        const maps = emitted.find((each) => each.output === converted.output)?.maps ?? [];
        await this.runCode(cell, code, converted.output, maps);
      }
      this.declarations = declared;
      return this.outcome(converted);
    } catch (error) {
      if (declared !== undefined) this.keepWhatRan(before, declared);
      if (isSigint(error)) {
        this.interrupts.takeInterrupt();
        this.interrupt();
      }
      const interrupted = error instanceof KeyboardInterrupt || isSigint(error);
      return { status: 'error', report: interrupted ? reportInterrupt() : reportError(error) };
    }
  }

  private runCode(cell: Cell, source: string, output: string, maps: readonly string[]): unknown {
    const isEarlier = (name: string): boolean => Object.hasOwn(this.values, name);
    const { code, awaits, insertions } = instrument(this.tslab.typescript, output, runtimeName, isEarlier);
    const lines = output.split('\n').length;
    registerScript(cell.name, { file: cell.name, source, maps, insertions, linesBefore: 1, lines, code });
    // In a function: names are local, and the code may await. The first line is ours, so it is not counted.
    const head = `(${awaits ? 'async ' : ''}function (exports, require, ${runtimeName}) {\n`;
    const script = new vm.Script(`${head}${code}\n})(...globalThis.${argumentsKey})`, {
      filename: cell.name,
      lineOffset: -1,
      importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
    });
    const runtime = createRuntime(cell.name, this.interrupts.loopFlag, this.loopBroken, plainExports);
    const given = [this.values, this.modules.require, runtime];
    Object.defineProperty(globalThis, argumentsKey, { value: given, configurable: true });
    return runInCell(cell, () =>
      this.interrupts.breakable(() => script.runInThisContext({ breakOnSigint: true, displayErrors: false })),
    );
  }

  private outcome(converted: Converted): Outcome {
    const name = converted.lastExpressionVar;
    if (name === undefined) return { status: 'ok' };
    const value = this.values[name];
    // Not deleted: the object would become a slow one.
    this.values[name] = undefined;
    return value === undefined || value === null ? { status: 'ok' } : { status: 'ok', value };
  }

  private keepWhatRan(before: Record<string, unknown>, declared: string): void {
    const { values } = this;
    for (const [name, value] of Object.entries(before)) if (values[name] === undefined) values[name] = value;
    const defined = (name: string): boolean => values[name] !== undefined && values[name] !== before[name];
    this.declarations = declarationsAfterFailure(this.tslab.typescript, this.declarations, declared, defined);
  }

  private addModule(cell: Cell, name: string, code: string, meta: object): Outcome {
    const diagnostics = this.converter.addModule(name, code, meta);
    for (const { start, messageText } of diagnostics)
      cell.output.write('stderr', `${start.line + 1}:${start.character + 1} - ${messageText}\n`);
    return { status: 'ok' };
  }
}

/** TypeScript defines imported names as getters; here they are plain values, because the next cell may assign to them. */
const plainExports: Pick<ObjectConstructor, 'defineProperty'> = {
  defineProperty(target, name, attributes) {
    if (name !== '__esModule') (target as Record<PropertyKey, unknown>)[name] = attributes.get?.() ?? attributes.value;
    return target;
  },
};

/** Stops what an earlier execution of the same cell has left running: two of it would count everything twice. */
async function stopEarlier(id: number): Promise<void> {
  await Promise.race([stopRunning(id), grace()]);
}

function grace(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, graceMs).unref());
}

function isSigint(error: unknown): boolean {
  return (error as { code?: unknown } | null)?.code === 'ERR_SCRIPT_EXECUTION_INTERRUPTED';
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
