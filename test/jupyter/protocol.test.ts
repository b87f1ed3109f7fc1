import { expect, test } from 'vitest';
import { result, useKernel } from './kernel.js';

const notebook = useKernel();

test('tells what it is', async () => {
  expect(await notebook.kernel.info()).toMatchObject({
    status: 'ok',
    protocol_version: '5.3',
    language_info: { name: 'typescript', file_extension: '.ts', mimetype: 'text/typescript' },
  });
});

test('whether code is complete', async () => {
  const { kernel } = notebook;
  expect(await kernel.isComplete('const a = `b')).toBe('incomplete');
  expect(await kernel.isComplete('f({')).toBe('incomplete');
  expect(await kernel.isComplete('f({})')).toBe('complete');
});

test('history and comms are answered in their own types', async () => {
  const { connection } = notebook.kernel;
  await notebook.kernel.execute(`'to be remembered'`);
  const history = await connection.requestHistory({
    hist_access_type: 'tail',
    n: 1,
    output: false,
    raw: true,
  } as Parameters<typeof connection.requestHistory>[0]);
  expect(history.header.msg_type).toBe('history_reply');
  expect(history.content).toMatchObject({ status: 'ok', history: [[1, 1, `'to be remembered'`]] });
  const comms = await connection.requestCommInfo({});
  expect(comms.header.msg_type).toBe('comm_info_reply');
  expect(comms.content).toMatchObject({ status: 'ok', comms: {} });
});

test('silent executions are not counted and show no value', async () => {
  const { kernel } = notebook;
  const before = await kernel.execute('1');
  expect(await kernel.execute('2', { silent: true })).toMatchObject({ status: 'ok', outputs: [] });
  expect((await kernel.execute('3')).executionCount).toBe(before.executionCount! + 1);
});

test('a restarted kernel has forgotten everything and counts anew', async () => {
  const { kernel } = notebook;
  await kernel.execute('const remembered = 1;');
  await kernel.restart();
  expect((await kernel.execute('remembered')).status).toBe('error');
  const next = await kernel.execute('typeof (globalThis as any).remembered');
  expect(result(next)).toBe('undefined');
  expect(next.executionCount).toBe(2);
});

test('a signal sent by hand means the same as an interrupt', async () => {
  const executed = await notebook.kernel.execute(
    `setTimeout(() => process.kill(process.pid, 'SIGINT'), 50); await new Promise(() => {});`,
  );
  expect(executed.outputs).toMatchObject([{ output_type: 'error', ename: 'KeyboardInterrupt' }]);
  expect((await notebook.kernel.execute('1')).status).toBe('ok');
});

test('modules that are written in cells are found by later cells', async () => {
  const { kernel } = notebook;
  await kernel.execute(`/** @module shapes */\nexport const area = (side: number): number => side * side;`);
  expect(result(await kernel.execute(`import { area } from './shapes'; area(3)`))).toBe('9');
});
