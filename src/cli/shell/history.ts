import { appendFileSync, chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

const MOST = 1000;
/** Statements with such words in them stay out of the file. */
const SECRET = /password|passwd|secret|jaas|token/i;

/** `.streambook/sql-history` of the project one is in, or of one's home folder. */
export function historyFile(from = process.cwd()): string {
  for (let folder = from; ; folder = dirname(folder)) {
    if (existsSync(join(folder, '.streambook'))) return join(folder, '.streambook', 'sql-history');
    if (dirname(folder) === folder) return join(homedir(), '.streambook', 'sql-history');
  }
}

/**
 * Statements of this session and of those before, one a line, the oldest first. Others cannot read the file. A file that
 * cannot be read or written is no reason to stop: then there is no history.
 */
export class History {
  private list: string[];

  constructor(private readonly file: string) {
    this.list = this.load();
  }

  /** The newest first, as an editor wants them. */
  newestFirst(): string[] {
    return [...this.list].reverse();
  }

  /** @param kept whether it also goes into the file; what may hold a password never does */
  add(statement: string, kept = true): void {
    const line = statement.trim();
    // A line end within a string has no place in a line.
    if (line === '' || /[\r\n]/.test(line)) return;
    this.list = [...this.list.filter((one) => one !== line), line].slice(-MOST);
    if (!kept || SECRET.test(line)) return;
    try {
      mkdirSync(dirname(this.file), { recursive: true, mode: 0o700 });
      appendFileSync(this.file, `${line}\n`, { mode: 0o600 });
    } catch {}
  }

  private load(): string[] {
    try {
      const all = readFileSync(this.file, 'utf8').split('\n').filter(Boolean);
      const kept = [...new Set(all.reverse())].slice(0, MOST).reverse();
      // Windows knows no such modes.
      chmodSync(this.file, 0o600);
      if (all.length > 2 * MOST) writeFileSync(this.file, `${kept.join('\n')}\n`, { mode: 0o600 });
      return kept;
    } catch {
      return [];
    }
  }
}
