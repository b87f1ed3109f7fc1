import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { packageRoot } from '../../core/package-root.js';

/** Where things lie in a clone of the project. */
export interface Places {
  readonly root: string;
  readonly modules: string;
  readonly venv: string;
  readonly state: string;
  readonly brokerFile: string;
  readonly jupyterData: string;
}

/** What `npm start` knows of the broker that it has started. */
export interface BrokerNote {
  readonly address: string;
  readonly pid: number;
  readonly startedAt: string;
  readonly data: string;
}

/** What the doctor asks of the set-up, which knows how everything is found. The set-up's own files say more. */
export interface SetUp {
  layout(root: string): Places;
  packagesMissing(root: string): string | undefined;
  npmCommand(): { readonly command: string; readonly args: readonly string[] };
  isBuilt(root: string): boolean;
  findPython(
    env: NodeJS.ProcessEnv,
    timeoutMs: number,
  ): Promise<{ readonly python: { readonly version: string } | undefined; readonly tooOld: readonly string[] }>;
  pythonIn(venv: string): string;
  ownJupyterLab(venv: string): { readonly version: string } | undefined;
  jupyterLabOnPath(at: Places, timeoutMs: number): Promise<{ readonly version: string } | undefined>;
  readBrokerFile(file: string): BrokerNote | undefined;
  livingBroker(file: string): Promise<BrokerNote | undefined>;
  readonly oldestNode: string;
  readonly oldestPython: readonly number[];
  readonly composeClusterId: string;
}

const FILES = ['paths', 'packages', 'build', 'python', 'jupyterlab', 'broker', 'node-version'];

/**
 * The set-up of this clone. Its files are plain and not built, because they run before there is a build; an installed
 * package does not have them, and no notebooks either.
 *
 * @returns undefined when this is an installed package
 */
export async function loadSetUp(root: string = packageRoot): Promise<SetUp | undefined> {
  const folder = join(root, 'src', 'cli', 'setup');
  if (!existsSync(join(folder, 'paths.mjs'))) return undefined;
  const parts = await Promise.all(
    FILES.map((name) => import(pathToFileURL(join(folder, `${name}.mjs`)).href) as Promise<Partial<SetUp>>),
  );
  return Object.assign({}, ...parts) as SetUp;
}
