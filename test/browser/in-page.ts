// These functions run inside the page. Their types say what they use of it, so that the browser's own types do not
// become known to all of the project.
interface PageNode {
  readonly nodeType: number;
  readonly textContent: string | null;
  readonly childNodes: Iterable<PageNode>;
  readonly firstElementChild: PageNode | null;
  readonly parentElement: PageNode | null;
  getBoundingClientRect(): { readonly width: number };
}
declare const document: { querySelectorAll(selector: string): Iterable<PageNode> };
declare function getComputedStyle(node: unknown): {
  readonly backgroundColor: string;
  readonly color: string;
  readonly opacity: string;
  readonly textAlign: string;
};

/** How much of its parent's width an element's first child takes. */
export function widthShare(node: unknown): number {
  const bar = node as PageNode;
  return (bar.firstElementChild?.getBoundingClientRect().width ?? 0) / bar.getBoundingClientRect().width;
}

/** Where the text of an element stands. */
export function alignment(node: unknown): string {
  return getComputedStyle(node).textAlign;
}

/** The colours behind everything inside an element. */
export function grounds(node: unknown): string[] {
  return [...(node as typeof document).querySelectorAll('*')].map((inner) => getComputedStyle(inner).backgroundColor);
}

export function scrollToTop(node: unknown): void {
  (node as { scrollTop: number }).scrollTop = 0;
}

export function scrolled(node: unknown): number {
  return (node as { scrollTop: number }).scrollTop;
}

/** Scrolls until the element stands in the middle. */
export function centre(node: unknown): void {
  (node as { scrollIntoView(options: object): void }).scrollIntoView({ block: 'center' });
}

/** Texts of our HTML whose contrast with what is behind them is below `least`. */
export function contrastBelow(least: number): string[] {
  const parse = (color: string): number[] => (color.match(/[\d.]+/g) ?? []).map(Number);
  const over = (top: number[], below: number[]): number[] => {
    const alpha = top[3] ?? 1;
    return [0, 1, 2].map((i) => (top[i] ?? 0) * alpha + (below[i] ?? 0) * (1 - alpha));
  };
  const light = ([r = 0, g = 0, b = 0]: number[]): number => {
    const linear = [r, g, b].map((c) => (c / 255 <= 0.03928 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * (linear[0] ?? 0) + 0.7152 * (linear[1] ?? 0) + 0.0722 * (linear[2] ?? 0);
  };
  const faint: string[] = [];
  for (const node of document.querySelectorAll('.jp-OutputArea-output.jp-RenderedHTML *')) {
    const own = [...node.childNodes].some((child) => child.nodeType === 3 && (child.textContent ?? '').trim() !== '');
    if (!own) continue;
    const layers: PageNode[] = [];
    for (let at: PageNode | null = node; at !== null; at = at.parentElement) layers.unshift(at);
    let ground = [255, 255, 255];
    let opacity = 1;
    for (const layer of layers) {
      const style = getComputedStyle(layer);
      ground = over(parse(style.backgroundColor), ground);
      opacity *= Number(style.opacity);
    }
    const ink = parse(getComputedStyle(node).color);
    const seen = over([...ink.slice(0, 3), (ink[3] ?? 1) * opacity], ground);
    const [a, b] = [light(seen), light(ground)];
    const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (contrast < least) faint.push(`${contrast.toFixed(2)} ${(node.textContent ?? '').slice(0, 40)}`);
  }
  return faint;
}

declare function requestAnimationFrame(callback: () => void): void;

declare class MutationObserver {
  constructor(changed: () => void);
  observe(node: unknown, options: object): void;
  disconnect(): void;
}

/** How many frames the page draws a second, the longest time between two, and how often the cell's outputs change. */
export async function framesDuring({ ms, cell }: { ms: number; cell: number }): Promise<{
  fps: number;
  worstMs: number;
  changesPerSecond: number;
}> {
  let changes = 0;
  const observer = new MutationObserver(() => changes++);
  const node = [...document.querySelectorAll('.jp-CodeCell .jp-Cell-outputArea')][cell];
  observer.observe(node, { childList: true, subtree: true });
  const start = performance.now();
  let last = start;
  let worstMs = 0;
  let frames = 0;
  while (last - start < ms) {
    await new Promise<void>((resolve) => {
      requestAnimationFrame(() => resolve());
    });
    const now = performance.now();
    worstMs = Math.max(worstMs, now - last);
    last = now;
    frames++;
  }
  observer.disconnect();
  const inSeconds = (last - start) / 1000;
  return { fps: frames / inSeconds, worstMs, changesPerSecond: changes / inSeconds };
}

/** What in the outputs could run or fetch something: scripts, frames, handlers, addresses of code. */
export function dangers(): string[] {
  interface Node extends PageNode {
    readonly tagName: string;
    readonly attributes: Iterable<{ readonly name: string; readonly value: string }>;
  }
  const found: string[] = [];
  for (const one of document.querySelectorAll('.jp-OutputArea-output *')) {
    const node = one as Node;
    const tag = node.tagName.toLowerCase();
    if (['script', 'iframe', 'object', 'embed'].includes(tag)) found.push(tag);
    for (const { name, value } of node.attributes) {
      if (name.startsWith('on') || /^\s*javascript:/i.test(value)) found.push(`${tag} ${name}=${value}`);
      if (name === 'src' && !/^(?:data:|blob:)/.test(value)) found.push(`${tag} ${name}=${value}`);
    }
  }
  return found;
}
