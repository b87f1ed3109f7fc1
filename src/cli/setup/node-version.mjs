// Read by every entry before anything else, so it keeps to what Node 12 can parse, and imports nothing.

/** The oldest Node that runs streambook. */
export const oldestNode = '20.19.0';

/**
 * @param {string} version as in `process.versions.node`: `18.20.4`
 * @returns {string | undefined} what to tell the reader when this Node is too old
 */
export function tooOldNode(version) {
  const have = version.split('.').map(Number);
  const want = oldestNode.split('.').map(Number);
  for (let i = 0; i < want.length; i++) {
    const distance = Number(have[i]) - Number(want[i]);
    if (distance > 0) return undefined;
    if (distance < 0) {
      return (
        'This is Node.js ' +
        version +
        '; streambook needs ' +
        oldestNode +
        ' or later.\nInstall the current version from https://nodejs.org (or with your version manager: nvm, fnm, volta), open a new terminal, and run the same command again.'
      );
    }
  }
  return undefined;
}
