// node first.mjs: from the call to the first result of the smallest program, in a process that has just begun.
import { streamEnv } from 'streambook';

const began = performance.now();
const env = streamEnv();
let ms = 0;
env
  .fromElements('to be', 'or not')
  .flatMap((line) => line.split(' '))
  .map((word) => ({ word, n: 1 }))
  .keyBy((w) => w.word)
  .sum('n')
  .forEach((w) => {
    if (ms === 0) ms = performance.now() - began;
    console.log(w.word, w.n);
  });
await env.execute('first');
console.log(`END ms=${ms.toFixed(2)}`);
