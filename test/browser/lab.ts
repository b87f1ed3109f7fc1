import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { ensureBuild } from '../../src/cli/setup/build.mjs';
import { ensureJupyterLab } from '../../src/cli/setup/jupyterlab.mjs';
import { built } from '../../src/cli/setup/kernel.mjs';
import { type Lab, serveNotebooks, stopLab } from '../../src/cli/setup/lab.mjs';
import { jupyterEnvironment, layout, projectRoot } from '../../src/cli/setup/paths.mjs';

/** A JupyterLab of its own over a folder of its own, as `npm start` would start it. */
export interface TestLab extends Lab {
  /** What the file browser shows; inside the project, so that notebooks find the package. */
  readonly folder: string;
  /** Puts a notebook there. */
  write(name: string, notebook: object): void;
  /** Copies one of ours there. */
  copy(path: string): void;
  /** `JupyterLab Light` or `JupyterLab Dark`, for pages opened from now on. */
  theme(name: string): Promise<void>;
  /** What nbconvert makes of a notebook: a page of HTML. */
  toHtml(name: string): string;
  /** What the server knows of a notebook's kernel. */
  kernelOf(name: string): Promise<{ execution_state: string; connections: number } | undefined>;
  stop(): Promise<void>;
}

const SETTINGS = {
  '@jupyterlab/apputils-extension:notification': { fetchNews: 'false', checkForUpdates: false },
  // Every cell stays in the page, in view or not.
  '@jupyterlab/notebook-extension:tracker': { windowingMode: 'none' },
  '@jupyterlab/apputils-extension:themes': { 'adaptive-theme': false },
};

/** @param env passed to the server and so to the kernels, such as the broker's address */
export async function startLab(env: NodeJS.ProcessEnv = {}): Promise<TestLab> {
  const at = layout(projectRoot);
  mkdirSync(at.state, { recursive: true });
  const own = mkdtempSync(join(at.state, 'browser-'));
  const folder = join(own, 'notebooks');
  const jupyterConfig = join(own, 'config');
  mkdirSync(join(jupyterConfig, 'labconfig'), { recursive: true });
  mkdirSync(folder);
  writeFileSync(join(jupyterConfig, 'labconfig', 'default_setting_overrides.json'), JSON.stringify(SETTINGS));
  await ensureBuild(at.root, () => {});
  const { value: jupyter } = await ensureJupyterLab(at, () => {});
  const { writeKernelspec } = await built<typeof import('../../src/kernel/kernelspec.js')>(at, 'kernel/kernelspec.js');
  writeKernelspec({ root: at.root, dir: at.jupyterData });
  const lab = await serveNotebooks({ ...at, notebooks: folder, jupyterConfig }, jupyter, {
    port: undefined,
    log: () => join(own, 'lab.log'),
    env,
  });
  return {
    ...lab,
    folder,
    write: (name, notebook) => writeFileSync(join(folder, name), JSON.stringify(notebook)),
    copy: (path) => copyFileSync(path, join(folder, basename(path))),
    toHtml: (name) => {
      const args = ['nbconvert', '--to', 'html', '--stdout', '--log-level', 'ERROR', join(folder, name)];
      const [command, all] = jupyter.args[0] === '-m' ? [jupyter.command, ['-m', ...args]] : ['jupyter', args];
      // The page comes with its style sheets inside.
      return execFileSync(command, all, { encoding: 'utf8', maxBuffer: 1 << 26, env: { ...jupyterEnvironment(at) } });
    },
    kernelOf: async (name) => {
      const answer = await fetch(`${lab.baseUrl}api/sessions`, { headers: { Authorization: `token ${lab.token}` } });
      const sessions = (await answer.json()) as {
        path: string;
        kernel: { execution_state: string; connections: number };
      }[];
      return sessions.find((session) => session.path === name)?.kernel;
    },
    theme: async (name) => {
      const answer = await fetch(`${lab.baseUrl}lab/api/settings/@jupyterlab/apputils-extension:themes`, {
        method: 'PUT',
        headers: { Authorization: `token ${lab.token}`, 'Content-Type': 'application/json' },
        body: JSON.stringify({ raw: JSON.stringify({ theme: name, 'adaptive-theme': false }) }),
      });
      if (!answer.ok) throw new Error(`the theme was not set: ${answer.status} ${await answer.text()}`);
    },
    stop: async () => {
      await stopLab(lab);
      rmSync(own, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
