/** What the shell carries out itself. */
export type ShellCommand =
  | { readonly kind: 'help' | 'quit' | 'clear' }
  | { readonly kind: 'source'; readonly file: string };

const COMMANDS: Readonly<Record<string, 'help' | 'quit' | 'clear'>> = {
  help: 'help',
  '?': 'help',
  quit: 'quit',
  exit: 'quit',
  clear: 'clear',
};

/**
 * The command that a statement, or a line on its own, is: HELP, QUIT, EXIT, CLEAR, SOURCE, with a dot before it or a
 * semicolon behind it, or none of these.
 *
 * @see Flink: SQL Client, Client commands
 */
export function shellCommand(text: string): ShellCommand | undefined {
  const found = /^\s*\.?(?<word>[a-z]+|\?)(?<rest>\s.*?)?\s*;?\s*$/is.exec(text);
  const { word = '', rest = '' } = found?.groups ?? {};
  const kind = COMMANDS[word.toLowerCase()];
  if (kind !== undefined && rest.trim() === '') return { kind };
  if (!/^(?:source|read)$/i.test(word) || rest.trim() === '') return undefined;
  const [, file] = /^\s*'?(.*?)'?\s*$/s.exec(rest) ?? [];
  return file === undefined ? undefined : { kind: 'source', file };
}
