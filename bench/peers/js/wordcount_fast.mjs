// biome-ignore-all lint/suspicious/noAssignInExpressions: kept as it was when the other engines were measured
// biome-ignore-all lint/style/useTemplate: the same
// @ts-nocheck
// whole-buffer scan, Map of word -> [count]
import { closeSync, openSync, readSync } from 'node:fs';

const fd = openSync(process.argv[2]);
const buf = Buffer.allocUnsafe(1 << 20);
const counts = new Map();
let rest = '',
  n = 0,
  first = true,
  k;
function word(w) {
  const c = counts.get(w);
  if (c) c.n++;
  else counts.set(w, { n: 1 });
  n++;
  if (first) {
    first = false;
    console.log(`${w},1`);
  }
}
while ((k = readSync(fd, buf)) > 0) {
  const s = rest + buf.latin1Slice(0, k);
  let p = 0;
  for (let i = 0; i < s.length; i++) {
    const c = s.charCodeAt(i);
    if (c === 32 || c === 10) {
      if (i > p) word(s.slice(p, i));
      p = i + 1;
    }
  }
  rest = s.slice(p);
}
if (rest) word(rest);
closeSync(fd);
let q = 0;
for (const c of counts.values()) q += c.n * c.n;
console.log(`END words=${n} distinct=${counts.size} sumsq=${q}`);
