// biome-ignore-all lint/suspicious/noAssignInExpressions: kept as it was when the other engines were measured
// biome-ignore-all lint/style/useTemplate: the same
// @ts-nocheck
// object per record, one generator stage per operator
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
const st = new Map();
let n = 0,
  first = true;
const source = (l) => ({ value: l, timestamp: null });
const flat = function* (r) {
  for (const w of r.value.split(' ')) if (w) yield { value: { word: w, count: 1 }, timestamp: r.timestamp };
};
const keyed = (r) => {
  const k = r.value.word;
  const c = (st.get(k) ?? 0) + r.value.count;
  st.set(k, c);
  return { value: { word: k, count: c }, timestamp: r.timestamp };
};
const sink = (r) => {
  n++;
  if (first) {
    first = false;
    console.log(`${r.value.word},${r.value.count}`);
  }
};
for await (const a of lines(process.argv[2])) for (const l of a) for (const r of flat(source(l))) sink(keyed(r));
let q = 0;
for (const c of st.values()) q += c * c;
console.log(`END words=${n} distinct=${st.size} sumsq=${q}`);
