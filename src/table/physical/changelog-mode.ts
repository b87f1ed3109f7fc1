/**
 * Which kinds of change a stream of rows may hold. Without `updateBefore` an update is its new version alone, and the
 * old one is found by a key.
 *
 * @see Flink: `ChangelogMode`
 */
export interface ChangelogMode {
  readonly insert: boolean;
  readonly updateBefore: boolean;
  readonly updateAfter: boolean;
  readonly delete: boolean;
}

/** Rows are only added. */
export const INSERT_ONLY: ChangelogMode = { insert: true, updateBefore: false, updateAfter: false, delete: false };
/** Rows are added, changed by key, and deleted. */
export const UPSERT: ChangelogMode = { insert: true, updateBefore: false, updateAfter: true, delete: true };
/** Everything there is. */
export const ALL_CHANGES: ChangelogMode = { insert: true, updateBefore: true, updateAfter: true, delete: true };

/** Whether rows are only added. */
export function isInsertOnly(mode: ChangelogMode): boolean {
  return !mode.updateBefore && !mode.updateAfter && !mode.delete;
}

/** As Flink writes it in plans: `I,UB,UA,D`. */
export function changelogModeText(mode: ChangelogMode): string {
  const parts: string[] = [];
  if (mode.insert) parts.push('I');
  if (mode.updateBefore) parts.push('UB');
  if (mode.updateAfter) parts.push('UA');
  if (mode.delete) parts.push('D');
  return parts.length === 0 ? 'NONE' : parts.join(',');
}
