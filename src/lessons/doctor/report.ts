/**
 * What the doctor says of one thing: it is as it should be; it works, but there is something to know; it is optional and
 * not there; it must be mended.
 */
export type DoctorVerdict = 'fine' | 'note' | 'absent' | 'mend';

/** What was found out about one thing. */
export interface Finding {
  readonly verdict: DoctorVerdict;
  /** Its version, where it has one: `20.20.2`. */
  readonly version?: string;
  /** What there is to say, one sentence or less. */
  readonly detail?: string;
  /** What to do about it; commands to type stand between backticks. */
  readonly mend?: string;
}

/** One line of the doctor's report. */
export interface DoctorCheck extends Finding {
  /** `JupyterLab` */
  readonly name: string;
  /** The heading it stands under: `The notebooks`. */
  readonly group: string;
  /** How long it took to find out, in milliseconds. */
  readonly tookMs: number;
}

/** Everything the doctor has found, as plain data. */
export interface DoctorReport {
  /** Nothing has to be mended. */
  readonly ok: boolean;
  /** The version of this package. */
  readonly streambook: string;
  /** `linux x64` */
  readonly platform: string;
  /** How long the whole took, in milliseconds. */
  readonly tookMs: number;
  readonly checks: readonly DoctorCheck[];
}

/** How one thing is looked at. */
export interface Probe {
  readonly name: string;
  readonly group: string;
  /** Without it the course does not work: when it cannot even be looked at, that has to be mended. */
  readonly needed: boolean;
  /**
   * Looks. What it throws becomes the detail.
   *
   * @param limit aborts when the time is up: then nobody waits for the answer any more, and what was started should end
   */
  look(limit: AbortSignal): Promise<Finding>;
}
