import { cardHeader, cardLine, type Person } from './card.js';
import { Random } from './random.js';
import { dayOf, timeText } from './time.js';

const from = dayOf(2024, 11, 1);
const to = dayOf(2024, 12, 1);

/** What people pay for, in yuan: lowest, highest, and how often. */
const goods: readonly (readonly [low: number, high: number, share: number])[] = [
  [3, 40, 0.42], // a bus, a coffee, a lunch
  [40, 300, 0.33], // a shop, a phone bill, a taxi
  [300, 1500, 0.17], // clothes, a train
  [1500, 4600, 0.05], // rent, a telephone
  [5000, 12000, 0.03], // a journey, furniture
];

/** How much is paid in each hour of the day, against the busiest. */
const busy = [3, 2, 1, 1, 1, 2, 10, 30, 45, 40, 45, 80, 100, 60, 45, 45, 55, 75, 95, 100, 80, 55, 30, 12];

interface Payment {
  readonly time: number;
  readonly person: Person;
  /** In fen: whole numbers do not round. */
  readonly fen: number;
  readonly direction: 'in' | 'out';
}

interface Fraud {
  readonly count: number;
  make(random: Random, person: Person, time: number): Payment[];
}

function series(count: number, make: (index: number) => Payment): Payment[] {
  return Array.from({ length: count }, (_, index) => make(index));
}

/** Three ways in which a stolen card shows, each within minutes and on one card. */
const frauds: readonly Fraud[] = [
  {
    // One yuan to see whether the card works, then as much as it gives.
    count: 2,
    make(random, person, time) {
      const second = time + random.whole(25, 55);
      return [
        { time, person, fen: 100, direction: 'out' },
        { time: second, person, fen: random.whole(600_000, 999_999), direction: 'out' },
      ];
    },
  },
  {
    // Many payments just below a limit of 5,000.
    count: 6,
    make: (random, person, time) =>
      series(6, (index) => {
        const at = time + index * 90 + random.whole(0, 45);
        return { time: at, person, fen: random.whole(490_000, 499_900), direction: 'out' };
      }),
  },
  {
    // A program that pays the same sum again and again, every three seconds.
    count: 7,
    make(random, person, time) {
      const fen = random.pick([9900, 19900, 29900]);
      return series(7, (index) => ({ time: time + index * 3, person, fen, direction: 'out' }));
    },
  },
];

/** So many ordinary payments lie between one fraud and the next. */
const between = 230;

/** Whether a fraud begins after the ordinary payment of that number, and which; -1: none does. */
function fraudAfter(ordinary: number): number {
  return ordinary % between === between / 2 ? Math.floor(ordinary / between) % frauds.length : -1;
}

/** How many ordinary payments there are when all rows are full. */
function ordinaryOf(rows: number): number {
  let count = 0;
  for (let left = rows; left > 0; count++) left -= 1 + (frauds[fraudAfter(count)]?.count ?? 0);
  return count;
}

/**
 * Thirty days of payments in order of time: daily rhythm, realistic amounts with two decimals, wages on the tenth, and
 * three patterns of fraud in turn.
 */
export function* payments(rows: number, seed: string, people: readonly Person[]): Generator<string, void> {
  const random = new Random(`payments ${seed}`);
  yield cardHeader;
  let left = rows;
  for (const payment of merged(ordinaryOf(rows), random, people.slice(0, 200))) {
    if (left-- === 0) return;
    yield line(payment);
  }
}

/** Ordinary payments and frauds, by time. */
function* merged(count: number, random: Random, holders: readonly Person[]): Generator<Payment, void, undefined> {
  let waiting: Payment[] = [];
  let index = 0;
  for (const time of times(count, random)) {
    yield* waiting.filter((each) => each.time <= time);
    waiting = waiting.filter((each) => each.time > time);
    yield ordinary(random, random.pick(holders), time);
    const fraud = frauds[fraudAfter(index++)]?.make(random, random.pick(holders), time + 1) ?? [];
    waiting = [...waiting, ...fraud].sort((a, b) => a.time - b.time);
  }
  yield* waiting;
}

/** The times of the ordinary payments, with the rhythm of the day. */
function* times(rows: number, random: Random): Generator<number, void> {
  const days = Math.round((to - from) / 86_400);
  const all = busy.reduce((sum, each) => sum + each, 0) * days;
  let row = 0;
  let weight = 0;
  for (let day = 0; day < days; day++) {
    for (const [hour, share] of busy.entries()) {
      weight += share;
      const end = Math.round((weight / all) * rows);
      const count = end - row;
      const start = from + day * 86_400 + hour * 3600;
      for (let i = 0; i < count; i++) yield start + Math.floor(((i + random.next()) / count) * 3600);
      row = end;
    }
  }
}

function ordinary(random: Random, person: Person, time: number): Payment {
  const isTenth = new Date(time * 1000).getUTCDate() === 10;
  if (isTenth && random.chance(0.3)) {
    return { time, person, fen: random.whole(50, 180) * 10_000, direction: 'in' };
  }
  const [low, high] = goodFor(random.next());
  const u = random.next();
  const fen = Math.floor((low + u * u * (high - low)) * 100);
  // Prices end in .00, .50 or .90 more often than not.
  const nice = random.chance(0.7) ? fen - (fen % 100) + random.pick([0, 0, 50, 90]) : fen;
  return { time, person, fen: nice, direction: random.chance(0.08) ? 'in' : 'out' };
}

/** @param share from 0 to below 1, and the kinds of goods divide it between them */
function goodFor(share: number): readonly [low: number, high: number, share: number] {
  let left = share;
  for (const good of goods) {
    left -= good[2];
    if (left < 0) return good;
  }
  return goods[0]!;
}

function line({ person, fen, direction, time }: Payment): string {
  const cents = fen % 100;
  const amount = `${Math.floor(fen / 100)}.${cents < 10 ? `0${cents}` : cents}`;
  return cardLine(person, amount, direction, timeText(time));
}
