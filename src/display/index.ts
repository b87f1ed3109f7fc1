import { setDisplayPort } from '../core/display.js';
import { open } from './open.js';
import { progress } from './progress.js';
import { table } from './table.js';

export { type ShowOptions, show } from './show.js';

/** Lets everything below show itself: as HTML in a notebook, as text in a terminal. */
export function fillDisplayPort(): void {
  setDisplayPort({ open, table, progress });
}
