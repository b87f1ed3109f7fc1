import { appendFile } from 'node:fs/promises';
import { userLines } from '../broker/index.js';
import { StreambookError } from '../core/errors.js';

/**
 * `streambook broker --users FILE --add-user NAME`: appends a user whose password is the first line of standard input. A user
 * that is there already gets the new password.
 */
export async function addUser(name: string, file: string | undefined): Promise<void> {
  if (file === undefined) throw new StreambookError('bad-argument', '--add-user needs --users FILE');
  if (process.stdin.isTTY) process.stderr.write(`password of ${name} (it will be seen): `);
  const password = await firstLine();
  if (password === '') {
    throw new StreambookError('bad-argument', 'the password is the first line of standard input, and it is empty');
  }
  await appendFile(file, await userLines(name, password), { mode: 0o600 });
}

async function firstLine(): Promise<string> {
  let text = '';
  for await (const chunk of process.stdin) {
    text += String(chunk);
    if (text.includes('\n')) break;
  }
  return text.split(/\r?\n/, 1)[0]!;
}
