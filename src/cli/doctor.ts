import { doctor } from '../lessons/doctor/doctor.js';

/** How `streambook doctor` was called. */
export interface DoctorOptions {
  readonly json: boolean;
}

/**
 * `streambook doctor`: prints what this machine has and lacks; with `--json` as data.
 *
 * @returns the exit code: 1 when something has to be mended
 */
export async function runDoctor({ json }: DoctorOptions, patient = doctor()): Promise<number> {
  const report = await patient.data();
  const text = json ? JSON.stringify(report, undefined, 2) : await patient.text();
  await new Promise((written) => process.stdout.write(`${text}\n`, written));
  return report.ok ? 0 : 1;
}
