// biome-ignore-all lint/suspicious/noAssignInExpressions: kept as it was when the other engines were measured
// biome-ignore-all lint/style/useTemplate: the same
// @ts-nocheck
// no objects per row: fields cut out of the line, state Map window -> Map name -> sum
import { openSync, readSync } from 'node:fs';

const fd = openSync(process.argv[2]);
const buf = Buffer.allocUnsafe(1 << 20);
const wins = new Map();
let minEnd = Infinity,
  max = -Infinity,
  n = 0,
  results = 0,
  total = 0,
  late = 0,
  rest = '',
  k,
  first = true;
function fire(wm) {
  for (const s of [...wins.keys()].sort((a, b) => a - b)) {
    if (s + 59999 > wm) break;
    for (const [name, sum] of wins.get(s)) {
      results++;
      total += sum;
      if (first) {
        first = false;
        console.log(`${name},${s},${sum}`);
      }
    }
    wins.delete(s);
  }
  minEnd = Infinity;
  for (const s of wins.keys()) if (s + 59999 < minEnd) minEnd = s + 59999;
}
function row(s, a, b) {
  n++;
  const c1 = s.indexOf(',', a),
    c2 = s.indexOf(',', c1 + 1),
    c3 = s.indexOf(',', c2 + 1),
    c4 = s.indexOf(',', c3 + 1),
    c5 = s.indexOf(',', c4 + 1);
  const amount = +s.slice(c3 + 1, c4),
    t = +s.slice(c5 + 1, b);
  if (amount >= 5000) {
    const st = t - (t % 60000);
    if (st + 59999 <= max - 3001) late++;
    else {
      let m = wins.get(st);
      if (!m) {
        wins.set(st, (m = new Map()));
        if (st + 59999 < minEnd) minEnd = st + 59999;
      }
      const nm = s.slice(c1 + 1, c2);
      m.set(nm, (m.get(nm) ?? 0) + amount);
    }
  }
  if (t > max) {
    max = t;
    if (max - 3001 >= minEnd) fire(max - 3001);
  }
}
while ((k = readSync(fd, buf)) > 0) {
  const s = rest + buf.latin1Slice(0, k);
  let p = 0,
    i;
  while ((i = s.indexOf('\n', p)) >= 0) {
    row(s, p, i);
    p = i + 1;
  }
  rest = s.slice(p);
}
if (rest) row(rest, 0, rest.length);
fire(Infinity);
console.log(`END rows=${n} results=${results} total=${total} late=${late}`);
