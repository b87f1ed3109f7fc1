import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, inject, test } from 'vitest';
import { failure, printed, useKernel } from './kernel.js';

const notebook = useKernel();
const { folder } = inject('server');

test('an error names the cell, the line and the column as they were typed', async () => {
  const executed = await notebook.kernel.execute(`interface Gone { readonly a: number }

// Types, comments and blank lines are not in what runs.
function half(n: number): number {
  const g: Gone = { a: n };
  if (g.a > 3) throw new RangeError('too much');
  return g.a / 2;
}

half(2);
half(4);`);
  const { executionCount } = executed;
  expect(failure(executed)).toEqual({
    ename: 'RangeError',
    evalue: 'too much',
    text: [
      'RangeError: too much',
      `  cell [${executionCount}], line 6, column 22`,
      '    5 |   const g: Gone = { a: n };',
      `  > 6 |   if (g.a > 3) throw new RangeError('too much');`,
      '      |                      ^',
      `    at cell [${executionCount}]:11:1`,
    ].join('\n'),
  });
});

test('through awaits, timers and other cells', async () => {
  const { kernel } = notebook;
  const first = await kernel.execute(`const later = async (text: string) => {
  await new Promise((done) => setTimeout(done, 5));
  throw new TypeError(text);
};`);
  const second = await kernel.execute(`const middle = async () => {\n  await later('deep');\n};\n\nawait middle();`);
  const [a, b] = [first.executionCount, second.executionCount];
  const { text } = failure(second);
  expect(text).toContain(`cell [${a}], line 3, column 9`);
  expect(text).toContain(`(cell [${b}]:2:9)`);
  expect(text).toContain(`(cell [${b}]:5:`);
  expect(text).not.toMatch(/node:|dist|launcher|tslab/);
});

test('in a loop over a stream', async () => {
  const executed = await notebook.kernel.execute(
    `async function* source(): AsyncGenerator<number> {\n  yield 1;\n  throw new Error('dry');\n}\nfor await (const x of source()) {\n  x;\n}`,
  );
  expect(failure(executed).text).toContain(`cell [${executed.executionCount}], line 3, column 9`);
  expect(failure(executed).text).toContain(`cell [${executed.executionCount}]:5:18`);
});

test('printed with console.error, too', async () => {
  const executed = await notebook.kernel.execute(
    `type T = number;\nconst n: any = null;\ntry { n.x; } catch (e) { console.error(e); }`,
  );
  const text = printed(executed, 'stderr');
  expect(text).toMatch(new RegExp(`TypeError: .*\n    at cell \\[${executed.executionCount}\\]:3:9\n`));
});

test('type errors, each with its line', async () => {
  const executed = await notebook.kernel.execute(`const a: string = 5;\nconst b: number = 'x';`);
  const { ename, evalue, text } = failure(executed);
  expect(ename).toBe('TypeScriptError');
  expect(evalue).toBe("Type 'number' is not assignable to type 'string'.");
  expect(text).toContain(`cell [${executed.executionCount}], line 1, column 7`);
  expect(text).toContain(`cell [${executed.executionCount}], line 2, column 7`);
});

test('a name that is misspelt', async () => {
  const executed = await notebook.kernel.execute(`const amount = 1;\namonut + 1`);
  expect(failure(executed).text).toContain(`Cannot find name 'amonut'. Did you mean 'amount'?`);
});

test('local TypeScript is named by its own line', async () => {
  writeFileSync(
    join(folder, 'helper.ts'),
    `export interface A { a: number }\n\nexport function bad(n: number): number {\n  throw new Error('in helper ' + n);\n}\n`,
  );
  const executed = await notebook.kernel.execute(`import { bad } from './helper';\n\nbad(2);`);
  expect(failure(executed).text).toContain(`cell [${executed.executionCount}], line 3, column 4`);
  expect(failure(executed).text).toMatch(/at bad \(.*helper\.ts:4:9\)/);
});

test('one of ours: its message, its hint, the line of the cell, and no frames', async () => {
  const executed = await notebook.kernel.execute(
    `import { StreambookError } from 'streambook';\n\nthrow new StreambookError('no-topic', 'no topic \`x\`', { hint: 'create it' });`,
  );
  expect(failure(executed).text).toBe(
    [
      'StreambookError: [streambook/no-topic] no topic `x`',
      '  hint: create it',
      `  cell [${executed.executionCount}], line 3, column 7`,
      '    2 | ',
      `  > 3 | throw new StreambookError('no-topic', 'no topic \`x\`', { hint: 'create it' });`,
      '      |       ^',
    ].join('\n'),
  );
});

test('frames of our package are those of its TypeScript', async () => {
  const executed = await notebook.kernel.execute(
    `import { seconds } from 'streambook';\ntry { seconds(NaN); } catch (e: any) { console.log(e.stack); }`,
  );
  expect(printed(executed)).toMatch(/\(streambook\/src\/core\/duration\.ts:\d+:\d+\)/);
});
