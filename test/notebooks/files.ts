import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../src/cli/setup/paths.mjs';

export const folder = join(projectRoot, 'notebooks');

export interface NotebookCell {
  readonly id: string;
  readonly kind: 'code' | 'markdown' | 'raw';
  readonly source: string;
  readonly tags: readonly string[];
  readonly slide: string | undefined;
  readonly outputs: readonly Record<string, unknown>[];
}

export interface NotebookFile {
  readonly name: string;
  /** Its whole text. */
  readonly text: string;
  readonly cells: readonly NotebookCell[];
}

interface RawCell {
  id: string;
  cell_type: NotebookCell['kind'];
  source: string[] | string;
  metadata: { tags?: string[]; slideshow?: { slide_type?: string } };
  outputs?: Record<string, unknown>[];
}

/** The notebooks of a language, by name. */
export function notebooks(lang: 'en' | 'zh'): NotebookFile[] {
  const at = lang === 'en' ? folder : join(folder, lang);
  const names = readdirSync(at).filter((name) => name.endsWith('.ipynb'));
  return names.sort().map((name) => {
    const text = readFileSync(join(at, name), 'utf8');
    const cells = (JSON.parse(text) as { cells: RawCell[] }).cells.map((cell) => ({
      id: cell.id,
      kind: cell.cell_type,
      source: [cell.source].flat().join(''),
      tags: cell.metadata.tags ?? [],
      slide: cell.metadata.slideshow?.slide_type,
      outputs: cell.outputs ?? [],
    }));
    return { name, text, cells };
  });
}

export function textOf(notebook: NotebookFile): string {
  return notebook.cells
    .filter((cell) => cell.kind === 'markdown')
    .map((cell) => cell.source)
    .join('\n');
}
