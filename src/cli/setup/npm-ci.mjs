// One run of `npm ci`, and those after it where something passing was in its way.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { run } from './processes.mjs';

/** Without a network npm alone would keep the reader waiting for minutes: it tries again after 10 and 60 seconds. */
const PATIENCE = { npm_config_fetch_retry_factor: '5', npm_config_fetch_retry_mintimeout: '2000' };

/** An npm that outlived a set-up which was killed still writes; or a virus scanner holds a file. Both pass. */
const IN_THE_WAY = /\b(?:ENOTEMPTY|EEXIST|EBUSY)\b/;
const PAUSES_MS = [1000, 3000, 9000];

/**
 * @param {{ command: string, args: string[] }} npm
 * @param {string} root the project folder
 * @returns {Promise<import('./processes.mjs').Ended>} of the last run
 */
export async function npmCi(npm, root) {
  const args = [...npm.args, 'ci', '--include=dev', '--no-audit', '--no-fund'];
  const { NODE_ENV: _production, ...own } = process.env;
  const env = { ...PATIENCE, ...own };
  const ended = await npmOnce(npm.command, args, root, env);
  if (ended.code === 0 || !mayNotCache(ended.output, root)) return ended;
  const cache = mkdtempSync(join(tmpdir(), 'streambook-npm-'));
  try {
    return await npmOnce(npm.command, args, root, { ...env, npm_config_cache: cache });
  } finally {
    rmSync(cache, { recursive: true, force: true, maxRetries: 5 });
  }
}

/**
 * @param {string} command
 * @param {readonly string[]} args
 * @param {string} cwd
 * @param {NodeJS.ProcessEnv} env
 */
async function npmOnce(command, args, cwd, env) {
  let ended = await run(command, args, { cwd, env });
  for (const pauseMs of PAUSES_MS) {
    if (ended.code === 0 || !IN_THE_WAY.test(ended.output)) break;
    await delay(pauseMs);
    ended = await run(command, args, { cwd, env });
  }
  return ended;
}

/**
 * Whether npm was refused a place outside of the project: its cache, in a home that may not be written to.
 *
 * @param {string} output
 * @param {string} root
 */
function mayNotCache(output, root) {
  const path = /^npm (?:error|ERR!) path (.+?)\r?$/m.exec(output)?.[1];
  return /\b(?:EACCES|EPERM|EROFS)\b/.test(output) && path !== undefined && !path.startsWith(root);
}
