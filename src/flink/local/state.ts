import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { FlinkVersion } from './artefacts.js';
import type { Member } from './process.js';

/** What is written down of a cluster that runs, so that another process can find and end it. */
export interface ClusterState {
  /** On the command line of each of its processes. */
  readonly id: string;
  readonly version: FlinkVersion;
  /** `http://127.0.0.1:8083` */
  readonly gateway: string;
  /** Where the Web UI is, too. */
  readonly jobManager: string;
  /** `127.0.0.1:9092`; absent when it was started without. */
  readonly kafka?: string;
  /** Settings, logs, checkpoints, savepoints, Kafka's data. */
  readonly folder: string;
  readonly slots: number;
  readonly heapMb: number;
  readonly java: string;
  /** Folders with jars for Flink's processes. */
  readonly jars: readonly string[];
  /** The jar for functions of TypeScript, which Flink's processes have; absent where it could not be built. */
  readonly functionsJar?: string;
  readonly startedAt: string;
  readonly members: readonly Member[];
}

/** The state that a file holds; `undefined` when there is none, or no whole one. */
export function readState(file: string): ClusterState | undefined {
  try {
    const state = JSON.parse(readFileSync(file, 'utf8')) as ClusterState;
    return typeof state.id === 'string' && Array.isArray(state.members) ? state : undefined;
  } catch {
    return undefined;
  }
}

/** Writes it in one go: a reader never sees half of it. */
export function writeState(file: string, state: ClusterState): void {
  mkdirSync(dirname(file), { recursive: true });
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, `${JSON.stringify(state, undefined, 2)}\n`);
  renameSync(draft, file);
}

export function removeState(file: string): void {
  rmSync(file, { force: true });
}

/** `.streambook/cluster.json` of this folder, or of the nearest one above that has one. */
export function findState(from?: string): ClusterState | undefined {
  const file = findStateFile(from);
  return file === undefined ? undefined : readState(file);
}

/** Where it lies; `undefined` when there is none. */
export function findStateFile(from = process.cwd()): string | undefined {
  for (let folder = from; ; folder = dirname(folder)) {
    const file = join(folder, '.streambook', 'cluster.json');
    if (existsSync(file)) return file;
    if (dirname(folder) === folder) return undefined;
  }
}
