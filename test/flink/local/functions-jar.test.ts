import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { functionsJar } from '../../../src/flink/local/functions-jar.js';

describe('functionsJar', () => {
  const folder = mkdtempSync(join(tmpdir(), 'streambook-functions-jar-'));
  afterEach(() => {
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  it('says that Maven is missing, and leaves nothing half made', async () => {
    vi.stubEnv('STREAMBOOK_CACHE', folder);
    // Where no program is, but for those of Windows itself.
    vi.stubEnv('PATH', process.platform === 'win32' ? `${process.env.SystemRoot}\\System32` : folder);
    const said: string[] = [];
    const failed = functionsJar((line) => said.push(line));
    await expect(failed).rejects.toMatchObject({
      code: 'maven-missing',
      hint: expect.stringContaining('apt install maven'),
    });
    expect(said).toEqual(['building the jar for functions of TypeScript with Maven, once']);
    expect(readdirSync(folder)).toEqual([]);
  });
});
