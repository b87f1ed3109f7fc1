import { fileURLToPath } from 'node:url';

/** The path as given, or from a `file:` URL. */
export function pathOf(text: string): string {
  return /^file:/i.test(text) ? fileURLToPath(text.replace(/^file:\/?(?!\/)/i, 'file:///')) : text;
}
