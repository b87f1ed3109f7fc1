import { afterEach, describe, expect, test, vi } from 'vitest';
import { runDoctor } from '../../../src/cli/doctor.js';
import { diskFinding, memory } from '../../../src/lessons/doctor/checks/machine.js';
import { Doctor, type DoctorReport, doctor } from '../../../src/lessons/doctor/doctor.js';
import type { Finding, Probe } from '../../../src/lessons/doctor/report.js';
import { reportHtml, reportText } from '../../../src/lessons/doctor/report-view.js';

afterEach(() => {
  vi.restoreAllMocks();
});

function probe(name: string, finding: Finding, group = 'The notebooks'): Probe {
  return { name, group, needed: true, look: async () => finding };
}

const healthy = [
  probe('Node.js', { verdict: 'fine', version: '24.1.0' }),
  probe('Docker', { verdict: 'absent', detail: 'not installed', mend: 'Run `x`.' }, 'A cluster'),
];
const sick = [...healthy, probe('JupyterLab', { verdict: 'mend', detail: 'not set up yet', mend: 'Run `npm start`.' })];
const patient = (probes: readonly Probe[]): Doctor => new Doctor(async () => probes);

describe('the real one', () => {
  test('says something of everything, as plain data', async () => {
    const report = await doctor().data();
    expect(report.checks.map(({ name }) => name)).toEqual([
      'Node.js',
      'npm',
      'npm packages',
      'Python',
      'JupyterLab',
      'TypeScript kernel',
      'streambook',
      'embedded broker',
      'Kafka',
      'Docker',
      'Java',
      'streambook cluster',
      'Flink JobManager',
      'Flink SQL Gateway',
      'port 8888',
      'port 9092',
      'port 8081',
      'port 8083',
      'disk',
      'memory',
    ]);
    for (const { name, verdict, mend } of report.checks) {
      expect(['fine', 'note', 'absent', 'mend']).toContain(verdict);
      // Whoever has something to mend is told how.
      if (verdict === 'mend') expect([name, typeof mend]).toEqual([name, 'string']);
    }
    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
    expect(report.streambook).toMatch(/^\d+\.\d+\.\d+/);
  });
});

describe('a report', () => {
  test('is looked for once, whoever asks', async () => {
    const look = vi.fn(async () => ({ verdict: 'fine' as const }));
    const one = patient([{ name: 'thing', group: 'things', needed: true, look }]);
    await Promise.all([one.data(), one.text(), one.bundle()]);
    expect(look).toHaveBeenCalledTimes(1);
  });

  test('is fine when nothing has to be mended', async () => {
    expect((await patient(healthy).data()).ok).toBe(true);
    expect((await patient(sick).data()).ok).toBe(false);
  });

  test('as text: groups, marks, versions, and what to do below', async () => {
    const report: DoctorReport = { ...(await patient(sick).data()), streambook: '1.0.0', platform: 'x', tookMs: 400 };
    expect(reportText(report)).toBe(`1 thing has to be mended. streambook 1.0.0 on x, looked at in 0.4 s

The notebooks
  ok  Node.js     24.1.0
  !!  JupyterLab          not set up yet
                  Run \`npm start\`.

A cluster
  --  Docker              not installed
                  Run \`x\`.`);
  });

  test('as HTML: no script, commands as code, a word for every sign', async () => {
    const html = reportHtml(await patient(sick).data());
    expect(html).toContain('<code style="font-size:.95em;white-space:pre-wrap;">npm start</code>');
    expect(html).toContain('aria-label="to be mended"');
    expect(html).toContain('1 thing has to be mended');
    expect(reportHtml(await patient(healthy).data())).toContain('Nothing has to be mended');
  });

  test('takes nothing that programs say for HTML', async () => {
    const nasty = '<script>alert(1)</script><img src=x onerror=alert(2)>" onmouseover="alert(3)';
    const finding: Finding = { verdict: 'mend', version: nasty, detail: nasty, mend: `Run \`${nasty}\` ${nasty}` };
    const html = reportHtml(await patient([probe(nasty, finding, nasty)]).data());
    expect(html).not.toMatch(/<script|<img/);
    expect(html.match(/&lt;script&gt;/g)).toHaveLength(6);
    // Every attribute of an element is one of ours.
    for (const [tag] of html.matchAll(/<[a-z][^>]*>/g)) expect(tag).not.toMatch(/onmouseover=|onerror=/);
  });

  test('shows itself when it is awaited', async () => {
    const log = vi.spyOn(process.stdout, 'write').mockImplementation(() => true);
    await patient(healthy);
    expect(log.mock.calls.flat().join('')).toContain('24.1.0');
  });
});

describe('streambook doctor', () => {
  function capture(): () => string {
    let text = '';
    vi.spyOn(process.stdout, 'write').mockImplementation(((part: string, done?: () => void) => {
      text += part;
      done?.();
      return true;
    }) as typeof process.stdout.write);
    return () => text;
  }

  test('prints text, and ends with 1 when something has to be mended', async () => {
    const said = capture();
    expect(await runDoctor({ json: false }, patient(sick))).toBe(1);
    expect(said()).toContain('!!  JupyterLab');
    expect(await runDoctor({ json: false }, patient(healthy))).toBe(0);
  });

  test('prints data', async () => {
    const said = capture();
    const one = patient(sick);
    expect(await runDoctor({ json: true }, one)).toBe(1);
    expect(JSON.parse(said())).toEqual(await one.data());
  });
});

describe('disk and memory', () => {
  test.each([
    [50e9, 'fine'],
    [1.5e9, 'note'],
    [0.1e9, 'mend'],
  ])('%d bytes of disk: %s', (free, verdict) => {
    expect(diskFinding(free, 100e9).verdict).toBe(verdict);
  });

  test.each([
    [8e9, 'fine'],
    [0.4e9, 'note'],
  ])('%d bytes of memory: %s', (available, verdict) => {
    expect(memory(16e9, available).verdict).toBe(verdict);
  });
});
