/** What the tests of charts look at in a Vega-Lite specification. */
export interface Spec {
  data: { values: Record<string, unknown>[] };
  mark: { type: string };
  encoding: Record<string, Record<string, unknown>>;
  title?: { text: string; subtitle?: string };
  width: number;
  height: number;
}

export const VEGA_LITE = 'application/vnd.vegalite.v5+json';

export const START = Date.UTC(2026, 0, 5, 8);
export const prices = Array.from({ length: 60 }, (_, i) => ({
  time: new Date(START + i * 1000),
  name: i % 2 === 0 ? 'a' : 'b',
  price: 100 + i,
}));
