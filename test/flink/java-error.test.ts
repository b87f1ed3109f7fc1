import { describe, expect, it } from 'vitest';
import { FlinkError } from '../../src/flink/errors.js';
import { flinkErrorOf, javaCauses } from '../../src/flink/java-error.js';
import { ValidationError } from '../../src/table/errors.js';
import { SqlSyntaxError } from '../../src/table/sql/errors.js';
import { traceOf } from './fixtures.js';

describe('javaCauses', () => {
  it('gives the causes, outermost first', () => {
    const causes = javaCauses(traceOf('52-error-unknown-column-error'));
    expect(causes.map(({ exception }) => exception.slice(exception.lastIndexOf('.') + 1))).toEqual([
      'SqlGatewayException',
      'SqlGatewayException',
      'SqlExecutionException',
      'ValidationException',
      'CalciteContextException',
      'SqlValidatorException',
    ]);
    expect(causes.at(-1)?.message).toBe("Column 'nope' not found in any table");
  });
});

describe('flinkErrorOf', () => {
  it('says of a function of TypeScript what the function said', () => {
    const said = `twice failed: TypeError: Cannot read property 'bar' of undefined
  line 3, column 10: return s.foo.bar;
  called with ('Ann Lee', 5)`;
    const error = flinkErrorOf(`org.apache.flink.table.gateway.service.utils.SqlExecutionException: Job failed
\tat org.apache.flink.Some.where(Some.java:1)
Caused by: org.apache.flink.runtime.client.JobExecutionException: Job execution failed.
\tat org.apache.flink.Some.where(Some.java:1)
Caused by: dev.streambook.js.JsException: ${said}
\tat dev.streambook.js.Failures.of(Failures.java:53)
\tat dev.streambook.js.Script.value(Script.java:93)`);
    expect([error.code, error.message]).toEqual(['function-failed', `[streambook/function-failed] ${said}`]);
  });
  it('places what is wrong with the text', () => {
    const error = flinkErrorOf(traceOf('52-error-unknown-column-error'), 'SELECT nope FROM t') as ValidationError;
    expect(error).toBeInstanceOf(ValidationError);
    expect([error.line, error.column]).toEqual([1, 8]);
    expect(error.message).toBe(`[streambook/sql-validation] Column 'nope' not found in any table
  SELECT nope FROM t
         ^^^^
  at line 1, column 8`);
  });
  it('places what is wrong with a statement of configure-session', () => {
    const error = flinkErrorOf(traceOf('06-configure-session-error'), 'CREATE TABLE x (a NOPE)') as ValidationError;
    expect(error.message).toContain("Unknown identifier 'NOPE'");
    expect([error.line, error.column]).toEqual([1, 19]);
  });
  it('tells syntax from meaning', () => {
    const error = flinkErrorOf(traceOf('50-error-syntax-error'), 'SELEC 1');
    expect(error).toBeInstanceOf(SqlSyntaxError);
    expect(error.message).toContain('Non-query expression encountered in illegal context');
  });
  it.each([
    [
      `java.io.FileNotFoundException: Cannot find checkpoint or savepoint file/directory '/nope' on file system 'file'.`,
      'there is no savepoint /nope',
    ],
    [
      'java.lang.IllegalStateException: Failed to rollback to checkpoint/savepoint file:/s. Cannot map checkpoint/savepoint state for operator 20ba to the new program',
      'the savepoint has state that this program has no place for',
    ],
  ])('says what is wrong with a savepoint: %s', (cause, says) => {
    const text = `org.apache.flink.runtime.client.JobInitializationException: Could not start the JobMaster.
\tat org.apache.flink.Some.where(Some.java:1)
Caused by: ${cause}
\tat org.apache.flink.Some.where(Some.java:1)`;
    expect(flinkErrorOf(text).message).toMatch(`[streambook/flink-error] ${says}\n  hint: `);
  });
  it('finds the place on a later line', () => {
    const text = 'Caused by: x.y.CalciteContextException: From line 2, column 3 to line 2, column 5: no `abc`';
    const error = flinkErrorOf(text, 'SELECT 1,\n  abc FROM t') as ValidationError;
    expect(error.message).toContain('  abc FROM t\n    ^^^\n');
  });
  it('says which connector is unknown, and which there are', () => {
    const error = flinkErrorOf(traceOf('54-error-connector-error'), 'SELECT * FROM bad');
    expect(error).toBeInstanceOf(FlinkError);
    expect(error.message).toContain(
      "Unable to create a source for reading table 'default_catalog.default_database.bad'",
    );
    expect(error.hint).toContain("Could not find any factory for identifier 'nonesuch'");
  });
  it('gives the innermost cause of a job that failed', () => {
    const error = flinkErrorOf(traceOf('55-error-at-run-error'), 'SELECT 1 / 0') as FlinkError;
    expect(error.code).toBe('flink-job-failed');
    expect(error.exception).toBe('java.lang.ArithmeticException');
    expect(error.message).toBe(
      '[streambook/flink-job-failed] the job failed: a whole number was divided by zero (ArithmeticException: / by zero)',
    );
    expect(error.serverText).toContain('JobExecutionException');
  });
  it('says in words what went wrong, and what to do', () => {
    const words = (trace: string): [string, string | undefined] => {
      const error = flinkErrorOf(`JobExecutionException\nCaused by: ${trace}`);
      return [error.message.replace(/^.*the job failed: /, '').replace(/\n.*$/s, ''), error.hint];
    };
    const [gone, restart] = words(
      'org.apache.flink.runtime.jobmaster.JobMasterException: TaskManager with id taskmanager-1-17 is no longer reachable.',
    );
    expect(gone).toMatch(/^a TaskManager went away \(JobMasterException: TaskManager with id/);
    expect(restart).toContain('with checkpoints on');
    const [bad, ignore] = words(
      "java.io.IOException: Failed to deserialize JSON '{oops'.\nCaused by: x.JsonParseException: Unexpected character",
    );
    expect(bad).toMatch(/^what was read is no JSON of the table's columns: \{oops \(JsonParseException/);
    expect(ignore).toContain('ignore-parse-errors');
    expect(words("java.lang.NumberFormatException: For input string: 'abc'. Invalid character found.")[0]).toContain(
      "a text is no number: 'abc'",
    );
    expect(words('x.Surprise: nobody knows this')).toEqual(['Surprise: nobody knows this', undefined]);
  });
  it('gives text that is no stack trace as it is', () => {
    expect(flinkErrorOf('something else').message).toBe('[streambook/flink-error] something else');
  });
});
