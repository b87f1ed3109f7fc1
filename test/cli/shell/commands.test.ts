import { expect, test } from 'vitest';
import { shellCommand } from '../../../src/cli/shell/commands.js';

test.each([
  ['help', { kind: 'help' }],
  ['.help', { kind: 'help' }],
  ['?', { kind: 'help' }],
  ['  QUIT ; ', { kind: 'quit' }],
  ['Exit;', { kind: 'quit' }],
  ['.exit', { kind: 'quit' }],
  ['CLEAR', { kind: 'clear' }],
  ["SOURCE 'my file.sql';", { kind: 'source', file: 'my file.sql' }],
  ['.read a/b.sql', { kind: 'source', file: 'a/b.sql' }],
  ['quit now', undefined],
  ['SOURCE', undefined],
  ['SELECT help', undefined],
  ['', undefined],
])('%s', (text, command) => {
  expect(shellCommand(text)).toEqual(command);
});
