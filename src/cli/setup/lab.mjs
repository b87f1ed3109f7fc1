// A running JupyterLab server.
import { randomBytes } from 'node:crypto';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { jupyterEnvironment } from './paths.mjs';
import { freePortFrom, isFree } from './ports.mjs';
import { endGently, launch, within } from './processes.mjs';
import { SetupError, tail } from './say.mjs';

/** JupyterLab's own default. */
export const labPort = 8888;

/**
 * @typedef {object} Lab
 * @property {string} baseUrl `http://127.0.0.1:8888/`
 * @property {string} token
 * @property {string} address with the token, to be opened
 * @property {string} log what the server says
 * @property {import('node:child_process').ChildProcess} child
 */

/** @param {number} port */
function taken(port) {
  return new SetupError(
    `Port ${port} is taken by another program.`,
    `Name another one with \`--port N\`, or leave \`--port\` out: then the next free port from ${labPort} on is used.`,
  );
}

/**
 * The port that the reader named must be free.
 *
 * @param {number} port
 * @throws {SetupError}
 */
export async function insistOnPort(port) {
  if (!(await isFree(port))) throw taken(port);
}

/**
 * Starts the server on the port that the reader named, or on the next free one.
 *
 * @param {import('./paths.mjs').Layout} at
 * @param {import('./jupyterlab.mjs').JupyterLab} jupyter
 * @param {{ port: number | undefined, log: (port: number) => string, env: NodeJS.ProcessEnv }} options
 * @returns {Promise<Lab>}
 */
export async function serveNotebooks(at, jupyter, { port: named, log, env }) {
  if (named !== undefined) {
    await insistOnPort(named);
    return launchLab(at, jupyter, { port: named, log: log(named), env });
  }
  for (let from = labPort; ; ) {
    const port = await freePortFrom(from);
    try {
      return await launchLab(at, jupyter, { port, log: log(port), env });
    } catch (error) {
      // Another program may have been quicker on this port.
      if (await isFree(port)) throw error;
      from = port + 1;
    }
  }
}

/**
 * Starts the server and waits until it answers.
 *
 * @param {import('./paths.mjs').Layout} at
 * @param {import('./jupyterlab.mjs').JupyterLab} jupyter
 * @param {{ port: number, log: string, env: NodeJS.ProcessEnv }} options
 * @returns {Promise<Lab>}
 */
export async function launchLab(at, jupyter, { port, log, env }) {
  const token = randomBytes(24).toString('hex');
  mkdirSync(dirname(log), { recursive: true });
  const output = openSync(log, 'w');
  const child = launch(
    jupyter.command,
    [
      ...jupyter.args,
      '--no-browser',
      '--ServerApp.ip=127.0.0.1',
      `--ServerApp.port=${port}`,
      '--ServerApp.port_retries=0',
      `--ServerApp.root_dir=${at.notebooks}`,
      '--MultiKernelManager.default_kernel_name=streambook',
      // In a container everybody is root, and Jupyter would refuse.
      ...(process.getuid?.() === 0 ? ['--allow-root'] : []),
    ],
    {
      cwd: at.root,
      // In the environment, because everybody on the machine can read a command line.
      env: { ...jupyterEnvironment(at), ...env, JUPYTER_TOKEN: token },
      stdio: ['ignore', output, output],
      detached: true,
    },
  );
  closeSync(output);
  /** @type {Error | undefined} */
  let failed;
  child.once('error', (error) => {
    failed = error;
  });
  const lab = {
    baseUrl: `http://127.0.0.1:${port}/`,
    token,
    log,
    address: `http://127.0.0.1:${port}/lab?token=${token}`,
    child,
  };
  const deadline = performance.now() + 90_000;
  while ((await call(lab, 'GET', 'api/status')) !== 200) {
    if (failed !== undefined || child.exitCode !== null || child.signalCode !== null || performance.now() > deadline) {
      await endGently(child);
      const said = `${failed?.message ?? ''}${readFileSync(log, 'utf8')}`;
      if (!(await isFree(port))) throw taken(port);
      throw new SetupError(
        'JupyterLab did not start.',
        `What it said is in ${log}. Remove the folder .venv and run the same command again: it is installed anew.`,
        tail(said),
      );
    }
    await delay(50);
  }
  return lab;
}

/**
 * Resolves when the server ends by itself: to nothing when the reader shut it down, to an error when it broke.
 *
 * @param {Lab} lab
 * @returns {Promise<SetupError | undefined>}
 */
export function labTrouble(lab) {
  return new Promise((resolve) => {
    lab.child.once('exit', (code) => {
      if (code === 0) resolve(undefined);
      else {
        const said = tail(readFileSync(lab.log, 'utf8'));
        resolve(new SetupError('JupyterLab ended unexpectedly.', 'Run the same command again.', said));
      }
    });
  });
}

/**
 * Ends the server and its kernels: asked over its own interface first, which every system has.
 *
 * @param {Lab} lab
 */
export async function stopLab(lab) {
  const ended = new Promise((resolve) => lab.child.once('exit', resolve));
  if (lab.child.exitCode !== null || lab.child.signalCode !== null) return;
  await call(lab, 'POST', 'api/shutdown');
  if (!(await within(ended, 8000))) await endGently(lab.child);
}

/**
 * @param {Pick<Lab, 'baseUrl' | 'token'>} lab
 * @param {string} method
 * @param {string} path
 * @returns {Promise<number | undefined>} the status; undefined: no answer
 */
export function call(lab, method, path) {
  return new Promise((resolve) => {
    // An agent of our own: the common one may be set to go through a proxy.
    const asked = request(
      new URL(path, lab.baseUrl),
      { method, agent: new Agent(), headers: { Authorization: `token ${lab.token}` }, timeout: 5000 },
      (response) => {
        response.resume();
        response.once('end', () => resolve(response.statusCode));
        response.once('error', () => resolve(undefined));
      },
    );
    asked.once('timeout', () => asked.destroy());
    asked.once('error', () => resolve(undefined));
    asked.end();
  });
}
