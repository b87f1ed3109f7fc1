import { cardHeader, cardLine, type Person } from './card.js';
import { Random } from './random.js';
import { dayOf, timeText } from './time.js';

const from = dayOf(1990, 1, 1);
const to = dayOf(2025, 1, 1);

/**
 * Card transactions from 1990 to 2024, in order of time. Amounts are whole yuan, most of them small; some look like
 * years, so that whoever searches a line for a year finds the wrong one.
 */
export function* transactions(rows: number, seed: string, people: readonly Person[]): Generator<string, void> {
  const random = new Random(`transactions ${seed}`);
  yield cardHeader;
  const step = (to - from) / rows;
  for (let row = 0; row < rows; row++) {
    const time = from + Math.floor((row + random.next()) * step);
    const u = random.next();
    const amount = random.chance(0.04) ? random.whole(1990, 2024) : 1 + Math.floor(u * u * u * 9999);
    const direction = random.chance(0.55) ? 'out' : 'in';
    yield cardLine(random.pick(people), String(amount), direction, timeText(time));
  }
}
