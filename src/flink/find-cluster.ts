import { findState } from './local/state.js';

/**
 * The address of the SQL Gateway, in this order: the one given; the environment variable `STREAMBOOK_CLUSTER`;
 * `.streambook/cluster.json` of this folder or one above it, as `streambook cluster start` writes it; port 8083.
 */
export function findCluster(
  given?: string,
  around: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv } = {},
): string {
  if (given !== undefined) return given;
  const fromEnv = (around.env ?? process.env).STREAMBOOK_CLUSTER?.trim();
  if (fromEnv !== undefined && fromEnv !== '') return fromEnv;
  return findState(around.cwd)?.gateway ?? 'http://127.0.0.1:8083';
}
