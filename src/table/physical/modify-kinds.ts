import type { ChangelogMode } from './changelog-mode.js';

/** What happens to rows of a step, whatever form updates take. Inserts there may always be. */
export interface ModifyKinds {
  readonly update: boolean;
  readonly delete: boolean;
}

export const INSERTS: ModifyKinds = { update: false, delete: false };
export const INSERTS_AND_UPDATES: ModifyKinds = { update: true, delete: false };
export const INSERTS_AND_DELETES: ModifyKinds = { update: false, delete: true };
export const ALL_KINDS: ModifyKinds = { update: true, delete: true };

/**
 * What form updates take: none happen; only the new version (-D, +U); old and new (-U, +U).
 *
 * @see Flink: `UpdateKind`
 */
export type UpdateKind = 'none' | 'onlyAfter' | 'beforeAndAfter';

export function isAppendOnly(kinds: ModifyKinds): boolean {
  return !kinds.update && !kinds.delete;
}

/** Everything that any of them has. */
export function mergeKinds(kinds: readonly ModifyKinds[]): ModifyKinds {
  return { update: kinds.some((one) => one.update), delete: kinds.some((one) => one.delete) };
}

export function modifyKindsOf(mode: ChangelogMode): ModifyKinds {
  return { update: mode.updateBefore || mode.updateAfter, delete: mode.delete };
}

export function updateKindOf(mode: ChangelogMode): UpdateKind {
  if (mode.updateBefore) return 'beforeAndAfter';
  return mode.updateAfter ? 'onlyAfter' : 'none';
}

/** What a stream with these kinds holds, with updates in this form. */
export function changelogModeOf(kinds: ModifyKinds, updates: UpdateKind): ChangelogMode {
  return {
    insert: true,
    updateBefore: kinds.update && updates === 'beforeAndAfter',
    updateAfter: kinds.update,
    delete: kinds.delete,
  };
}
