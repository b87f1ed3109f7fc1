import { execFileSync } from 'node:child_process';

/** Every process that descends from `pid`, with its command line. Not on Windows. */
export function descendantsOf(pid: number): { pid: number; args: string }[] {
  const rows = execFileSync('ps', ['-eo', 'pid=,ppid=,args='], { encoding: 'utf8' })
    .split('\n')
    .flatMap((line) => {
      const row = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line);
      return row === null ? [] : [{ pid: Number(row[1]), parent: Number(row[2]), args: row[3] ?? '' }];
    });
  const found = new Set([pid]);
  for (let before = 0; before !== found.size; ) {
    before = found.size;
    for (const row of rows) if (found.has(row.parent)) found.add(row.pid);
  }
  // `ps` itself is a child of the caller for as long as it looks.
  return rows.filter((row) => row.pid !== pid && found.has(row.pid) && !row.args.startsWith('ps -eo'));
}

/** Whether a process is there; one that has ended and is waited for by nobody is not. */
export function isThere(pid: number): boolean {
  try {
    const state = execFileSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' }).trim();
    return state !== '' && !state.startsWith('Z');
  } catch {
    return false;
  }
}
