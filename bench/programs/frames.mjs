// node frames.mjs ROWS: a table of as many rows, from an arquero frame and to one; 100,000 of them to a danfojs frame and back.
import { table } from 'arquero';
import { tableEnv, type } from 'streambook';

const rows = Number(process.argv[2]);
const t = tableEnv();
/** @param {(i: number) => unknown} make */
const column = (make) => Array.from({ length: rows }, (_, i) => make(i));
const frame = table({
  id: Int32Array.from({ length: rows }, (_, i) => i),
  a: Float64Array.from({ length: rows }, Math.random),
  b: Float64Array.from({ length: rows }, Math.random),
  name: column((i) => `name ${i % 1000}`),
});
/**
 * @template T
 * @param {() => T | Promise<T>} run
 * @returns {Promise<[T, number]>}
 */
async function timed(run) {
  const began = performance.now();
  const result = await run();
  return [result, Math.round(performance.now() - began)];
}
console.log('ready');
// Once for the compiler, as a cell that is run again.
await t.fromArquero(frame).toArquero();
const [numbers, fromArqueroMs] = await timed(() => t.fromArquero(frame));
const [back, toArqueroMs] = await timed(() => numbers.toArquero());
const last = rows - 1;
for (const name of frame.columnNames()) {
  if (back.numRows() !== rows || back.get(name, last) !== frame.get(name, last))
    throw new Error(`${name} is not the same`);
}
const some = t.fromArquero(frame.slice(0, 100_000));
const [danfo, toDanfoMs] = await timed(() => some.toDanfo());
const [again, fromDanfoMs] = await timed(() =>
  t
    .fromDanfo(danfo, { schema: { id: type.int(), a: type.double(), b: type.double(), name: type.string() } })
    .toArquero(),
);
if (again.numRows() !== Math.min(rows, 100000)) throw new Error(`${again.numRows()} rows came back`);
console.log(
  `END rows=${back.numRows()} fromArqueroMs=${fromArqueroMs} toArqueroMs=${toArqueroMs} toDanfoMs=${toDanfoMs} fromDanfoMs=${fromDanfoMs}`,
);
