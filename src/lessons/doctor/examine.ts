import { messageOf } from '../../core/errors.js';
import type { DoctorCheck, Finding, Probe } from './report.js';

/** A probe that takes longer is left alone. */
const LIMIT_MS = 2000;

/** Looks at everything side by side. Takes no longer than the limit, whatever the probes do. */
export function examine(probes: readonly Probe[], limitMs = LIMIT_MS): Promise<DoctorCheck[]> {
  return Promise.all(
    probes.map(async (probe): Promise<DoctorCheck> => {
      const since = performance.now();
      const finding = await lookAt(probe, limitMs);
      const { name, group } = probe;
      return { name, group, ...finding, tookMs: Math.round(performance.now() - since) };
    }),
  );
}

function lookAt(probe: Probe, limitMs: number): Promise<Finding> {
  const { look, needed } = probe;
  const controller = new AbortController();
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      resolve({
        verdict: 'note',
        detail: `no answer within ${limitMs / 1000} s`,
        mend: 'Ask the doctor again when the machine has less to do.',
      });
      controller.abort();
    }, limitMs);
    new Promise<Finding>((done) => done(look(controller.signal)))
      .catch((error: unknown): Finding => ({ verdict: needed ? 'mend' : 'note', detail: firstLine(error) }))
      .then((finding) => {
        clearTimeout(timer);
        resolve(finding);
      });
  });
}

function firstLine(error: unknown): string {
  return messageOf(error).split('\n', 1)[0] ?? '';
}
