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

/**
 * Text as an element shows it, to the letter: JupyterLab and GitHub would take what stands between two dollar signs of
 * one text for a formula.
 */
export function textHtml(text: string): string {
  return escapeHtml(text).replaceAll('$', () => '<span>$</span>');
}

const COLOURS = {
  text: ['--jp-content-font-color1', 'inherit'],
  brand: ['--jp-brand-color1', '#1e88e5'],
  good: ['--jp-success-color1', '#43a047'],
  warning: ['--jp-warn-color1', '#fb8c00'],
  error: ['--jp-error-color1', '#e53935'],
  stopped: ['--jp-inverse-layout-color4', '#8d8d8d'],
} as const;

export type Colour = keyof typeof COLOURS;

/**
 * A declaration in one of JupyterLab's colours. A plain colour stands before it: notebooks that are not trusted keep
 * that one and lose the variable.
 */
export function tint(property: string, colour: Colour): string {
  const [variable, plain] = COLOURS[colour];
  return `${property}:${plain};${property}:var(${variable},${plain});`;
}

/** For what is said beside the data. Fading works on any ground and is kept where colours are not. */
export const QUIET = 'opacity:.65;';

/** The ground of a bar, on any ground. */
export const TRACK = 'background-color:rgba(128,128,128,.25);';

/** HTML that stands out, also on pages that take styles away. */
export function strong(html: string): string {
  return `<strong style="font-weight:600;">${html}</strong>`;
}

/** Text with its marks in a lighter tone. */
export function segmentsHtml(segments: readonly Segment[]): string {
  return segments
    .map(({ text, mark }) => (mark ? `<span style="${QUIET}">${textHtml(text)}</span>` : textHtml(text)))
    .join('');
}
