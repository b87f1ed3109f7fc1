// biome-ignore-all lint/suspicious/noAssignInExpressions: kept as it was when the other engines were measured
// biome-ignore-all lint/style/useTemplate: the same
// @ts-nocheck
// object per record, a stage per operator, per-(key,window) state objects and a timer heap-free fire loop
import { createReadStream } from 'node:fs';

async function* lines(f) {
  let rest = '';
  for await (const c of createReadStream(f, 'latin1')) {
    const a = (rest + c).split('\n');
    rest = a.pop();
    yield a;
  }
  if (rest) yield [rest];
}
const parse = (l) => {
  const [card, name, id, amount, direction, time] = l.split(',');
  return { value: { card, name, id: +id, amount: +amount, direction, time: +time }, timestamp: +time };
};
const state = new Map();
let max = -Infinity,
  minEnd = Infinity,
  n = 0,
  results = 0,
  total = 0,
  late = 0,
  first = true;
const sink = (r) => {
  results++;
  total += r.value.sum;
  if (first) {
    first = false;
    console.log(JSON.stringify(r.value));
  }
};
function add(r) {
  const start = r.timestamp - (r.timestamp % 60000),
    end = start + 60000;
  if (end - 1 <= max - 3001) {
    late++;
    return;
  }
  const key = r.value.name + '|' + start;
  const w = state.get(key);
  if (w) w.sum += r.value.amount;
  else {
    state.set(key, { name: r.value.name, start, end, sum: r.value.amount });
    if (end - 1 < minEnd) minEnd = end - 1;
  }
}
function advance(wm) {
  if (wm < minEnd) return;
  minEnd = Infinity;
  for (const [k, w] of state)
    if (w.end - 1 <= wm) {
      state.delete(k);
      sink({ value: { ...w }, timestamp: w.end - 1 });
    } else if (w.end - 1 < minEnd) minEnd = w.end - 1;
}
for await (const a of lines(process.argv[2]))
  for (const l of a) {
    const r = parse(l);
    n++;
    if (r.value.amount >= 5000) add(r);
    if (r.timestamp > max) {
      max = r.timestamp;
      advance(max - 3001);
    }
  }
advance(Infinity);
console.log(`END rows=${n} results=${results} total=${total} late=${late}`);
