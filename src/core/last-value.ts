import type { MimeBundle } from './display.js';

/**
 * The picture of a cell's last value, in place of the text that Node prints of it; undefined where that text is best.
 * Nothing is started for it, and nothing is waited for.
 */
export type LastValueView = (value: unknown) => Promise<MimeBundle> | undefined;

// On globalThis, because the launcher and the library may be loaded as two copies.
const VIEW = Symbol.for('streambook.lastValue');
const holder = globalThis as { [VIEW]?: LastValueView | undefined };

/** Called once by the library, so that the kernel can ask without importing it. */
export function setLastValueView(view: LastValueView | undefined): void {
  holder[VIEW] = view;
}

/** Nothing when the library was not imported: then every value is text. */
export function lastValueView(): LastValueView | undefined {
  return holder[VIEW];
}
