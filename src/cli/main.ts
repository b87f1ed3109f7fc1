#!/usr/bin/env node
/*
 * `streambook <command>`. The broker must listen within moments, so its path loads nothing else; the other commands are
 * declared with commander, each imported when it is called.
 */
const [command, ...rest] = process.argv.slice(2);

if (command === 'broker' && !rest.includes('--help') && !rest.includes('-h')) {
  const { runBroker } = await import('./broker.js');
  await runBroker(rest);
} else {
  const { program } = await import('./program.js');
  await program().parseAsync();
}
