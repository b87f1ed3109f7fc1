import { homedir } from 'node:os';
import { join } from 'node:path';

/**
 * The folder for what can be fetched again: `STREAMBOOK_CACHE`, or `streambook` in the place that the system has for it.
 */
export function cacheFolder(
  env: NodeJS.ProcessEnv = process.env,
  platform = process.platform,
  home = homedir(),
): string {
  const { STREAMBOOK_CACHE: own, XDG_CACHE_HOME: xdg, LOCALAPPDATA: local } = env;
  if (own !== undefined && own !== '') return own;
  if (platform === 'win32') return join(local ?? join(home, 'AppData', 'Local'), 'streambook', 'cache');
  if (platform === 'darwin') return join(home, 'Library', 'Caches', 'streambook');
  return join(xdg === undefined || xdg === '' ? join(home, '.cache') : xdg, 'streambook');
}
