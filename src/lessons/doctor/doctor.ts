import type { MimeBundle } from '../../core/display.js';
import { packageRoot } from '../../core/package-root.js';
import { View } from '../../display/view.js';
import { loadSetUp } from './checkout.js';
import { clusterProbes } from './checks/cluster.js';
import { machineProbes } from './checks/machine.js';
import { nodeProbe, notebookProbes, packageVersion } from './checks/notebooks.js';
import { streamProbes } from './checks/streams.js';
import { examine } from './examine.js';
import type { DoctorCheck, DoctorReport, DoctorVerdict, Probe } from './report.js';
import { reportHtml, reportText } from './report-view.js';

export type { DoctorCheck, DoctorReport, DoctorVerdict };

/** What this machine has, and what it lacks. Looks when it is asked for the first time, and then keeps to that. */
export class Doctor extends View {
  private found: Promise<DoctorReport> | undefined;

  /** @internal Use `doctor()`. */
  constructor(private readonly probes: () => Promise<readonly Probe[]>) {
    super();
  }

  /** The same as plain data. */
  data(): Promise<DoctorReport> {
    this.found ??= this.look();
    return this.found;
  }

  /** The same as text, a line for each thing. */
  async text(): Promise<string> {
    return reportText(await this.data());
  }

  override async bundle(): Promise<MimeBundle> {
    const report = await this.data();
    return { 'text/html': reportHtml(report), 'text/plain': reportText(report) };
  }

  override toString(): string {
    return 'a doctor: `await` it to see what this machine has, and what it lacks';
  }

  private async look(): Promise<DoctorReport> {
    const since = performance.now();
    const checks = await examine(await this.probes());
    return {
      ok: checks.every(({ verdict }) => verdict !== 'mend'),
      streambook: packageVersion(packageRoot) ?? '',
      platform: `${process.platform} ${process.arch}`,
      tookMs: Math.round(performance.now() - since),
      checks,
    };
  }
}

async function everything(): Promise<Probe[]> {
  const setUp = await loadSetUp();
  // An installed package has no notebooks: what they need is no concern of its users.
  if (setUp === undefined) {
    return [
      nodeProbe(undefined, undefined, 'The library'),
      ...streamProbes(undefined),
      ...clusterProbes,
      ...machineProbes(process.cwd()),
    ];
  }
  const at = setUp.layout(packageRoot);
  return [...notebookProbes(setUp, at), ...streamProbes({ setUp, at }), ...clusterProbes, ...machineProbes(at.root)];
}

/**
 * Looks at everything that the course and the library stand on, side by side, in less than three seconds, and without the
 * network: Node.js, npm, Python, JupyterLab, the kernel, the build, the broker, Kafka, Docker, Java, Flink, ports, disk and
 * memory. Each with its version, a verdict, and what to type where something is missing. `streambook doctor` does the same
 * in a terminal.
 *
 * @example
 *   await doctor(); // a table below the cell
 *   (await doctor().data()).checks.filter((check) => check.verdict === 'mend');
 */
export function doctor(): Doctor {
  return new Doctor(everything);
}
