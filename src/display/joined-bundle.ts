import type { MimeBundle } from '../core/display.js';

/** Views one below the other, in one output. */
export function below(...parts: readonly MimeBundle[]): MimeBundle {
  return {
    'text/html': parts.map((part) => String(part['text/html'] ?? '')).join(''),
    'text/plain': parts.map((part) => part['text/plain']).join('\n\n'),
  };
}
