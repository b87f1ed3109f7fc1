import type { Segment } from './visible.js';

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '`': '&#96;',
};

/** Text as HTML shows it, in an element or in a quoted attribute. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"'`]/g, (character) => ENTITIES[character] ?? '');
}

/** JupyterLab's colours, with what stands in for them elsewhere. */
export const colour = {
  text: 'var(--jp-content-font-color1,inherit)',
  quiet: 'var(--jp-ui-font-color2,inherit)',
  line: 'var(--jp-border-color2,rgba(128,128,128,.4))',
  track: 'var(--jp-layout-color3,rgba(128,128,128,.25))',
  brand: 'var(--jp-brand-color1,#1976d2)',
  good: 'var(--jp-success-color1,#388e3c)',
  warning: 'var(--jp-warn-color1,#f57c00)',
  error: 'var(--jp-error-color1,#d32f2f)',
} as const;

/** Text with its marks in a lighter tone. */
export function segmentsHtml(segments: readonly Segment[]): string {
  return segments
    .map(({ text, mark }) => (mark ? `<span style="opacity:.55">${escapeHtml(text)}</span>` : escapeHtml(text)))
    .join('');
}
