import type { StreambookError } from '../core/errors.js';
import { ValidationError } from '../table/errors.js';
import { placeOfFailure } from '../table/flink-sql/functions/sent.js';
import type { Span } from '../table/sql/ast/span.js';
import { SqlSyntaxError } from '../table/sql/errors.js';
import { FlinkError } from './errors.js';
import { type FailureWords, failureWords } from './failure-words.js';

/** One line `Caused by:` of a Java stack trace, with the lines of its message. */
export interface JavaCause {
  readonly exception: string;
  readonly message: string;
}

const CAUSE = /^(?:Caused by: |<Exception on server side:\s*)?((?:[\w$]+\.)+[\w$]+)(?:: ([\s\S]*))?$/;
const FRAME = /^\s*(at |\.\.\. \d+ (more|common)|… frames|Suppressed: )/;
/** They only say that somebody failed to do what was asked. */
const WRAPPERS =
  /\.(SqlGatewayException|SqlExecutionException|RestHandlerException|RuntimeException|CompletionException|ExecutionException|ProgramInvocationException|JobExecutionException|JobException|FlinkException|FlinkRuntimeException|IOException|SerializedThrowable|TableException)$/;
const OF_GATEWAY = /\.(SqlGatewayException|SqlExecutionException|RestHandlerException)$/;
const OF_JOB = /ProgramInvocationException|JobExecutionException|Failed to fetch job execution result|Job .*failed/;

/** What a job was to go on from does not fit. */
const OF_SAVEPOINT = /checkpoint or savepoint file|checkpoint\/savepoint state/;

/** A function of TypeScript has failed; the message says which, and where. */
const FUNCTION_FAILED = 'dev.streambook.js.JsException';

/** The causes in a Java stack trace, outermost first; frames are left out. */
export function javaCauses(text: string): JavaCause[] {
  const causes: { exception: string; message: string }[] = [];
  for (const piece of text.replace(/\n?End of exception on server side>?\s*$/, '').split(/\n(?=Caused by: )/)) {
    const lines = piece.replace(/^<Exception on server side:\s*/, '').split('\n');
    const end = lines.findIndex((line) => FRAME.test(line));
    const found = CAUSE.exec((end < 0 ? lines : lines.slice(0, end)).join('\n').trim());
    if (found !== null) causes.push({ exception: found[1] as string, message: (found[2] ?? '').trim() });
  }
  return causes;
}

/**
 * What Flink's server said as one of our errors: the first cause that is not the gateway's own, with line, column and
 * caret where it is about the text; of a job that failed, the innermost cause.
 *
 * @param text `errors` of the answer, joined
 * @param sql the statement, if there was one
 */
export function flinkErrorOf(text: string, sql?: string): StreambookError {
  const causes = javaCauses(text).filter(({ exception }) => !OF_GATEWAY.test(exception));
  const last = causes.at(-1);
  if (text.includes('Could not map response to JSON')) {
    return new FlinkError(
      'flink-error',
      'the gateway cannot write these rows: a MAP or MULTISET has keys that are no text',
      {
        serverText: text,
        hint: 'select MAP_ENTRIES(column), or CAST(column AS STRING)',
      },
    );
  }
  if (last === undefined) return new FlinkError('flink-error', firstLine(text), { serverText: text });
  if (OF_JOB.test(text)) return jobError(causes, text);
  const about = causes.find(({ exception }) => !WRAPPERS.test(exception)) ?? causes[0] ?? last;
  if (sql !== undefined) {
    const placed = sqlError(causes, sql);
    if (placed !== undefined) return placed;
  }
  const words = OF_SAVEPOINT.test(text) ? wordsOf(causes) : undefined;
  if (words !== undefined) {
    const hint = words.hint === undefined ? {} : { hint: words.hint };
    return new FlinkError('flink-error', words.says, { exception: last.exception, serverText: text, ...hint });
  }
  const message = plainMessage(about.message) || about.exception;
  const inner = plainMessage(last.message);
  const hint = inner === '' || message.includes(inner) ? {} : { hint: inner };
  return new FlinkError('flink-error', message, { exception: about.exception, serverText: text, ...hint });
}

function jobError(causes: readonly JavaCause[], text: string): FlinkError {
  const own = causes.findLast(({ exception }) => exception === FUNCTION_FAILED);
  if (own !== undefined) {
    const where = placeOfFailure(own.message);
    const details = { exception: own.exception, serverText: text, ...(where === undefined ? {} : { where }) };
    return new FlinkError('function-failed', own.message, details);
  }
  const inner = causes.findLast(({ exception }) => !WRAPPERS.test(exception)) ?? (causes.at(-1) as JavaCause);
  const name = inner.exception.slice(inner.exception.lastIndexOf('.') + 1);
  const message = plainMessage(inner.message);
  const told = `${name}${message === '' ? '' : `: ${message}`}`;
  const words = wordsOf(causes);
  return new FlinkError(
    'flink-job-failed',
    `the job failed: ${words === undefined ? told : `${words.says} (${told})`}`,
    {
      exception: inner.exception,
      serverText: text,
      ...(words?.hint === undefined ? {} : { hint: words.hint }),
    },
  );
}

/** The innermost cause that has words of its own. */
function wordsOf(causes: readonly JavaCause[]): FailureWords | undefined {
  for (const { exception, message } of [...causes].reverse()) {
    const words = failureWords(exception, message);
    if (words !== undefined) return words;
  }
  return undefined;
}

const RANGE = /From line (\d+), column (\d+) to line (\d+), column (\d+): ([\s\S]*)/;
const POINT = /([\s\S]*?) at line (\d+), column (\d+)/;
const AT = /^At line (\d+), column (\d+): ([\s\S]*)/;

function sqlError(causes: readonly JavaCause[], sql: string): StreambookError | undefined {
  for (const { exception, message } of causes) {
    const syntax = /Sql(Parser|Parse)Exception$/.test(exception);
    const range = RANGE.exec(message);
    if (range !== null) {
      const [, line, column, endLine, endColumn, what] = range as unknown as string[];
      const span = spanOf(sql, Number(line), Number(column), Number(endLine), Number(endColumn));
      return placed(syntax, sql, span, plainMessage(what as string));
    }
    const at = AT.exec(message);
    if (at !== null) {
      const span = spanOf(sql, Number(at[1]), Number(at[2]), Number(at[1]), Number(at[2]));
      return placed(syntax, sql, span, plainMessage(at[3] as string));
    }
    const point = syntax ? POINT.exec(message) : null;
    if (point !== null) {
      const span = spanOf(sql, Number(point[2]), Number(point[3]), Number(point[2]), Number(point[3]));
      return placed(true, sql, span, plainMessage(point[1] as string));
    }
    if (syntax) return placed(true, sql, spanOf(sql, 1, 1, 1, 1), plainMessage(message));
  }
  return undefined;
}

function placed(syntax: boolean, sql: string, span: Span, message: string): StreambookError {
  const { offset, length, line, column } = span;
  return syntax
    ? new SqlSyntaxError({ sql, offset, length, line, column, message })
    : new ValidationError(message, { span, sql });
}

/** Lines and columns from 1, the end included, as Calcite counts them. */
function spanOf(sql: string, line: number, column: number, endLine: number, endColumn: number): Span {
  const starts = [0];
  for (const found of sql.matchAll(/\r\n|\r|\n/g)) starts.push((found.index ?? 0) + found[0].length);
  const at = (l: number, c: number): number => Math.min(sql.length, (starts[l - 1] ?? sql.length) + c - 1);
  const offset = at(line, column);
  return { offset, line, column, length: Math.max(1, at(endLine, endColumn) + 1 - offset) };
}

/** Without what Flink puts before every message. */
function plainMessage(message: string): string {
  const plain = message.replace(/^SQL (validation|parse) failed\. /, '').trim();
  const cut = plain.split(/\nWas expecting/)[0] as string;
  return cut.length > 2000 ? `${cut.slice(0, 2000)}...` : cut;
}

function firstLine(text: string): string {
  return (text.replace(/^<Exception on server side:\s*/, '').split('\n', 1)[0] ?? text).slice(0, 500);
}
