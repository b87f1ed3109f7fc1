import { expect, test } from 'vitest';
import { explain } from '../../src/cli/setup/failures.mjs';
import { troubleWith } from '../../src/cli/setup/trouble.mjs';

const otherwise = { sentence: 'It failed.', hint: 'Try again.' };

test.each([
  [
    'npm',
    'npm error code ENOTFOUND\nnpm error network request to https://registry.example/x failed',
    'could not reach',
  ],
  ['npm', 'npm error code ECONNREFUSED', 'could not reach'],
  ['npm', 'npm error code EAI_AGAIN', 'could not reach'],
  [
    'pip',
    "WARNING: Retrying ... 'NewConnectionError(Failed to establish a new connection: [Errno -3] Temporary failure in name resolution)'\nERROR: Could not find a version\nERROR: No matching distribution found for x",
    'could not reach',
  ],
  ['uv', 'error: Failed to fetch\n  Caused by: dns error', 'could not reach'],
  ['pip', 'ERROR: No matching distribution found for jupyterlab==4.6.6', 'did not find a package'],
  ['npm', 'npm error nospc ENOSPC: no space left on device, write', 'The disk is full.'],
  [
    'pip',
    'ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device',
    'The disk is full.',
  ],
  ['uv', 'error: No space left on device (os error 28)', 'The disk is full.'],
  ['npm', 'npm error code SELF_SIGNED_CERT_IN_CHAIN', 'does not trust the certificate'],
  ['pip', 'SSLError(SSLCertVerificationError(1, [SSL: CERTIFICATE_VERIFY_FAILED]))', 'does not trust the certificate'],
  ['npm', 'npm error code EACCES\nnpm error syscall mkdir', 'may not write'],
  ['npm', 'npm error code E401', 'refused npm'],
])('%s: %s', (who, output, sentence) => {
  const trouble = troubleWith(who, output, otherwise);
  expect(trouble.message).toContain(sentence);
  expect(trouble.hint).toMatch(/same command again/);
  expect(output).toContain(trouble.detail);
});

test('what nobody knows keeps its last lines', () => {
  const trouble = troubleWith('npm', `${'line\n'.repeat(50)}the last`, otherwise);
  expect(trouble).toMatchObject({ message: 'It failed.', hint: 'Try again.' });
  expect(trouble.detail?.split('\n')).toHaveLength(10);
  expect(trouble.detail).toMatch(/the last$/);
});

test('of npm, the reason is kept and its help left out', () => {
  const said = `npm error code EUSAGE\nnpm error\nnpm error package.json and package-lock.json are not in sync\n${'npm error   --help\n'.repeat(40)}`;
  expect(troubleWith('npm', said, otherwise).detail).toMatch(/^npm error code EUSAGE\nnpm error package\.json and/);
});

test('of pip, its errors are kept and its progress left out', () => {
  const said = `Collecting x\n${'  Downloading y\n'.repeat(40)}ERROR: No matching distribution found for x`;
  expect(troubleWith('pip', said, otherwise).detail).toBe('ERROR: No matching distribution found for x');
});

test('what the system refuses us ourselves is said in the same words', () => {
  const error = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
  expect(explain(error, 'npm packages')).toMatch(/^The disk is full\. \(step: npm packages\)/);
});

test('what nobody foresaw is shown whole, and asks to be reported', () => {
  const text = explain(new TypeError('x is not a function'), 'kernel');
  expect(text).toContain('Something unexpected went wrong (step: kernel)');
  expect(text).toMatch(/TypeError: x is not a function\n\s+at /);
  expect(text).toContain('please report it');
});
