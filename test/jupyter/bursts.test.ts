import { expect, test } from 'vitest';
import { printed, useKernel } from './kernel.js';

const notebook = useKernel();

test.each([5000, 50_000])('%d lines printed in one go all arrive, in order, and the cell ends', async (count) => {
  const executed = await notebook.kernel.execute(`for (let i = 0; i < ${count}; i++) console.log('line ' + i);`);
  expect(executed.status).toBe('ok');
  const lines = printed(executed).split('\n');
  expect(lines).toHaveLength(count + 1);
  expect(lines.findIndex((line, i) => line !== (i === count ? '' : `line ${i}`))).toBe(-1);
});

test('more than the server passes on in a second arrives, too', async () => {
  const executed = await notebook.kernel.execute(
    `for (let i = 0; i < 4000; i++) console.log('x'.repeat(999)); console.log('end');`,
  );
  expect(printed(executed).length).toBe(4_000_004);
  expect(printed(executed).endsWith('end\n')).toBe(true);
});

test('two thousand displays arrive, in order', async () => {
  const executed = await notebook.kernel.execute(
    `import { display } from 'tslab'; for (let i = 0; i < 2000; i++) display.text(String(i));`,
  );
  const shown = executed.outputs.map((output) => ('data' in output ? output.data['text/plain'] : output));
  expect(shown).toEqual(Array.from({ length: 2000 }, (_each, i) => String(i)));
});

test('of a display that changes quickly the last state is there when the cell ends', async () => {
  const executed = await notebook.kernel.execute(
    `import { newDisplay } from 'tslab'; const d = newDisplay(); for (let i = 0; i <= 3000; i++) d.text('state ' + i);`,
  );
  expect(executed.outputs).toMatchObject([{ output_type: 'display_data', data: { 'text/plain': 'state 3000' } }]);
});

test('a busy cell shows what it prints while it runs', async () => {
  const seen: string[] = [];
  await notebook.kernel.execute(
    `console.log('early'); const until = Date.now() + 1000; while (Date.now() < until) console.log; console.log('late');`,
    { onOutput: (outputs) => seen.push(printed({ outputs: [...outputs] })) },
  );
  expect(seen).toEqual(['early\n', 'early\nlate\n']);
});

test('printing and showing keep their order', async () => {
  const executed = await notebook.kernel.execute(
    `import { display } from 'tslab'; console.log('a'); display.text('b'); console.error('c'); console.log('d'); 'e'`,
  );
  const shown = executed.outputs.map((output) =>
    output.output_type === 'stream' ? `${output.name} ${output.text}` : 'data' in output && output.data['text/plain'],
  );
  expect(shown).toEqual(['stdout a\n', 'b', 'stderr c\n', 'stdout d\n', 'e']);
});
