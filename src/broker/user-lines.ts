/**
 * The lines of a users file for one user, one for each mechanism. The password cannot be read from them.
 *
 * @param name without white space
 * @returns lines such as `alice SCRAM-SHA-256 salt=...,stored_key=...,server_key=...,iterations=8192`
 * @throws ArgumentError
 * @example
 *   await appendFile('users.txt', await userLines('alice', password));
 *   const broker = await startBroker({ sasl: { usersFile: 'users.txt' } });
 */
export async function userLines(name: string, password: string): Promise<string> {
  const { linesFor } = await import('./security/users.js');
  return linesFor(name, password);
}
