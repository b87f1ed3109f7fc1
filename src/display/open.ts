import type { DisplaySlot, MimeBundle } from '../core/display.js';
import type { CellHandle } from '../core/kernel.js';
import { currentCell, NotebookSlot } from './notebook.js';
import { TerminalSlot } from './terminal.js';

/**
 * Shows `bundle`: below the cell that runs now, or in the terminal.
 *
 * @param cell where to show it instead: the cell that ran when the work began
 * @returns changes it in place
 */
export function open(bundle: MimeBundle, cell: CellHandle | undefined = currentCell()): DisplaySlot {
  return cell === undefined ? new TerminalSlot(process.stdout, bundle) : new NotebookSlot(cell, bundle);
}
