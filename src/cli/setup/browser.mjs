/**
 * Opens the reader's browser, where there can be one. A failure is no failure: the address stands in the terminal.
 *
 * @param {string} address
 */
export async function openBrowser(address) {
  const { env, platform } = process;
  // Without a screen, `xdg-open` would start a browser in the terminal.
  const screen = platform !== 'linux' || env.DISPLAY || env.WAYLAND_DISPLAY || env.WSL_DISTRO_NAME;
  if (!screen || env.CI !== undefined || env.SSH_CONNECTION !== undefined) return;
  try {
    const { default: open } = await import('open');
    const child = await open(address);
    child.once('error', () => {});
  } catch {
    // no browser
  }
}
