import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { SetupError, Steps } from '../../src/cli/setup/say.mjs';

function listening() {
  const out = new PassThrough();
  const steps = new Steps({ out });
  return { steps, said: () => String(out.read() ?? '') };
}

const failing = async () => {
  throw new SetupError('JupyterLab did not start.', 'Try again.');
};

test('a step that fails says so', async () => {
  const { steps, said } = listening();
  await expect(steps.run('notebooks', failing)).rejects.toThrow('did not start');
  expect(said()).toMatch(/^ {2}!! {2}notebooks +JupyterLab did not start\. +\d\.\d s\n$/);
});

test('what ends after the reader has stopped it is not shown as a failure', async () => {
  const { steps, said } = listening();
  steps.close();
  await expect(steps.run('notebooks', failing)).rejects.toThrow('did not start');
  expect(said()).toBe('');
});
