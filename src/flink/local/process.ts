import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { run } from './programs.js';

/** A Java machine of a cluster. */
export interface Member {
  /** `jobmanager`, `taskmanager-1`, `gateway`, `kafka`. */
  readonly name: string;
  readonly pid: number;
}

/** How to start one. */
export interface Launch {
  readonly java: string;
  readonly name: string;
  /** Stands on the command line, so that a pid that another program has by now is not taken for ours. */
  readonly clusterId: string;
  readonly jvm: readonly string[];
  /** Folders, each with all of its jars. */
  readonly jars: readonly string[];
  readonly main: string;
  readonly args: readonly string[];
  /** Output goes there, behind what is there. */
  readonly log: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd: string;
}

const separator = process.platform === 'win32' ? ';' : ':';

/** Starts a Java machine that outlives this process: in a group of its own, its output in a file. */
export async function launch({ java, name, clusterId, jvm, jars, main, args, log, env, cwd }: Launch): Promise<Member> {
  const output = openSync(log, 'a');
  try {
    const classPath = jars.map((folder) => `${folder}/*`).join(separator);
    const child = spawn(java, [`-Dstreambook.cluster=${clusterId}`, ...jvm, '-cp', classPath, main, ...args], {
      cwd,
      detached: true,
      windowsHide: true,
      stdio: ['ignore', output, output],
      env: { ...process.env, ...env },
    });
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve);
      child.once('error', reject);
    });
    child.unref();
    return { name, pid: child.pid as number };
  } finally {
    closeSync(output);
  }
}

/** Whether the process is there and ours. */
export async function isRunning(pid: number, clusterId: string): Promise<boolean> {
  if (!exists(pid)) return false;
  return (await commandLine(pid)).includes(clusterId);
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

async function commandLine(pid: number): Promise<string> {
  if (process.platform === 'linux') {
    try {
      // Of a process that has ended and that nobody has waited for, this is empty.
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
    } catch {
      return '';
    }
  }
  if (process.platform === 'win32') {
    const query = `(Get-CimInstance Win32_Process -Filter "ProcessId=${pid}").CommandLine`;
    return (await run('powershell.exe', ['-NoProfile', '-NonInteractive', '-Command', query])).output;
  }
  return (await run('ps', ['-ww', '-o', 'command=', '-p', String(pid)])).output;
}

/** Resident memory in bytes; `undefined` where the system does not say. */
export async function memoryOf(pid: number): Promise<number | undefined> {
  if (process.platform === 'win32') return undefined;
  const kilobytes = Number.parseInt((await run('ps', ['-o', 'rss=', '-p', String(pid)])).output, 10);
  return Number.isNaN(kilobytes) ? undefined : kilobytes * 1024;
}

/** Ends a process at once, as a crash would. */
export function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // gone already
  }
}

/** Asks processes of a cluster to end; those that have not after `graceMs` are ended. */
export async function end(members: readonly Member[], clusterId: string, graceMs = 8000): Promise<void> {
  const ours: Member[] = [];
  for (const member of members) if (await isRunning(member.pid, clusterId)) ours.push(member);
  for (const { pid } of ours) {
    try {
      process.kill(pid, 'SIGTERM');
    } catch {
      // gone in between
    }
  }
  if (await gone(ours, clusterId, graceMs)) return;
  for (const { pid } of ours) if (await isRunning(pid, clusterId)) kill(pid);
  await gone(ours, clusterId, graceMs);
}

async function gone(members: readonly Member[], clusterId: string, withinMs: number): Promise<boolean> {
  const until = Date.now() + withinMs;
  for (;;) {
    const there = await Promise.all(members.map(({ pid }) => isRunning(pid, clusterId)));
    if (!there.includes(true)) return true;
    if (Date.now() > until) return false;
    await delay(50);
  }
}
