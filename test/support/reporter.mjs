// What `npm test` needs of a vitest run: the counts, what failed and why, and what passed only when tried again.
import { writeFileSync } from 'node:fs';

/**
 * @typedef {object} Report
 * @property {number} passed
 * @property {number} failed files that could not be loaded and errors outside every test count as one each
 * @property {string[]} failures one text each: the name, where it stands, the error
 * @property {string[]} secondTry names of tests that failed and then passed
 */

/** Named by `--reporter` on the command line; the file to write is in STREAMBOOK_TEST_REPORT. */
export default class ReportWriter {
  /**
   * @param {readonly import('vitest/node').TestModule[]} modules
   * @param {readonly unknown[]} errors outside every test
   */
  onTestRunEnd(modules, errors) {
    const file = process.env.STREAMBOOK_TEST_REPORT;
    if (file !== undefined) writeFileSync(file, JSON.stringify(reportOf(modules, errors)));
  }
}

/**
 * @param {readonly import('vitest/node').TestModule[]} modules
 * @param {readonly unknown[]} errors
 * @returns {Report}
 */
export function reportOf(modules, errors) {
  /** @type {Report} */
  const report = { passed: 0, failed: 0, failures: [], secondTry: [] };
  /** @param {string} name @param {readonly unknown[]} reasons */
  const fail = (name, reasons) => {
    report.failed += 1;
    report.failures.push([name, ...reasons.map(inLines)].join('\n'));
  };
  for (const module of modules) {
    for (const test of module.children.allTests()) {
      const name = `${module.relativeModuleId} > ${test.fullName}`;
      const result = test.result();
      if (result.state === 'failed') fail(name, result.errors);
      if (result.state !== 'passed') continue;
      report.passed += 1;
      if (test.diagnostic()?.flaky === true)
        report.secondTry.push([name, ...(result.errors ?? []).map(inLines)].join('\n'));
    }
    for (const suite of module.children.allSuites())
      if (suite.errors().length > 0) fail(`${module.relativeModuleId} > ${suite.fullName}`, suite.errors());
    if (module.errors().length > 0) fail(module.relativeModuleId, module.errors());
  }
  for (const error of errors) fail('outside every test', [error]);
  return report;
}

/**
 * @param {unknown} error as vitest hands it over
 * @returns {string} its first lines, indented
 */
function inLines(error) {
  const {
    message = String(error),
    stacks,
    stack = '',
  } = /** @type {{ message?: string, stack?: string, stacks?: { file: string, line: number }[] }} */ (error ?? {});
  const at =
    stacks?.[0] === undefined
      ? stack
          .split('\n')
          .find((line) => /^\s+at /.test(line))
          ?.trim()
      : `at ${stacks[0].file}:${stacks[0].line}`;
  const lines = [...message.split('\n').slice(0, 25), ...(at === undefined ? [] : [at])];
  return lines.map((line) => `    ${line.slice(0, 300)}`).join('\n');
}
