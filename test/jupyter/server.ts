import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { jupyterLabOnPath, ownJupyterLab } from '../../src/cli/setup/jupyterlab.mjs';
import { layout, projectRoot } from '../../src/cli/setup/paths.mjs';
import { startJupyterServer } from '../../src/kernel/client/index.js';
import { writeKernelspec } from '../../src/kernel/kernelspec.js';

/** What the tests are told of the one server they share. */
export interface TestServer {
  readonly baseUrl: string;
  readonly token: string;
  /** The folder that it serves; `streambook` is found from it. */
  readonly folder: string;
  readonly command: string;
  readonly args: string[];
  /** The environment in which Jupyter finds our kernel and writes nowhere else. */
  readonly env: Record<string, string>;
}

declare module 'vitest' {
  interface ProvidedContext {
    server: TestServer;
  }
}

/** A folder with the project in its `node_modules`, as notebooks have it. */
export function linkProject(folder: string): void {
  mkdirSync(join(folder, 'node_modules'), { recursive: true });
  for (const [name, target] of [
    ['streambook', projectRoot],
    ['@types', join(projectRoot, 'node_modules', '@types')],
  ] as const)
    symlinkSync(target, join(folder, 'node_modules', name), 'junction');
}

/** An environment of its own below `state`, with our kernel in it. */
export function jupyterEnvironment(state: string, node = process.execPath): Record<string, string> {
  const data = join(state, 'data');
  writeKernelspec({ root: projectRoot, dir: data, node });
  const env = Object.fromEntries(
    Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
  return {
    ...env,
    JUPYTER_PATH: [data, env.JUPYTER_PATH].filter(Boolean).join(delimiter),
    JUPYTER_CONFIG_DIR: join(state, 'config'),
    JUPYTER_DATA_DIR: data,
    JUPYTER_RUNTIME_DIR: join(state, 'runtime'),
    IPYTHONDIR: join(state, 'ipython'),
  };
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const at = layout(projectRoot);
  if (!existsSync(join(at.dist, 'kernel', 'launcher.js'))) throw new Error('run `npm run build` first');
  const jupyter = ownJupyterLab(at.venv) ?? (await jupyterLabOnPath(at));
  if (jupyter === undefined) throw new Error('no JupyterLab: `npm test` sets it up');
  const state = mkdtempSync(join(tmpdir(), 'streambook-jupyter-'));
  const folder = join(state, 'notebooks');
  linkProject(folder);
  const env = jupyterEnvironment(state);
  const { command, args } = jupyter;
  const server = await startJupyterServer({ command, args, rootDir: folder, env });
  project.provide('server', { baseUrl: server.baseUrl, token: server.token, folder, command, args, env });
  return async () => {
    await server.stop();
    rmSync(state, { recursive: true, force: true });
  };
}
