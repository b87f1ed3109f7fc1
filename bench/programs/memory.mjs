// node memory.mjs EVENTS: as many events of a thousand keys, through a rolling sum and event-time windows; resident memory
// after the first million and at the end.
import { boundedOutOfOrderness, seconds, streamEnv, TumblingEventTimeWindows } from 'streambook';

const events = Number(process.argv[2]);
const env = streamEnv();
const resident = () => Math.round(process.memoryUsage.rss() / 1024 / 1024);
const seen = { events: 0, sums: 0, windows: 0, atMillion: 0 };
const readings = env
  .fromSequence(1, events)
  .map((i) => ({ sensor: `sensor ${(i * 7919) % 1000} of the thousand`, time: i, n: 1 }))
  .assignTimestampsAndWatermarks(boundedOutOfOrderness(seconds(1), (r) => r.time));
readings
  .keyBy((r) => r.sensor)
  .sum('n')
  .forEach((r) => {
    if (seen.events++ === 0) console.log(`${r.sensor},${r.n}`);
    if (seen.events === 1_000_000) seen.atMillion = resident();
  });
readings
  .keyBy((r) => r.sensor)
  .window(TumblingEventTimeWindows.of(seconds(10)))
  .reduce((a, b) => ({ sensor: a.sensor, time: a.time, n: a.n + b.n }))
  .forEach((r) => {
    seen.windows++;
    seen.sums += r.n;
  });
await env.execute('memory');
console.log(`END events=${seen.events} windowed=${seen.sums} atMillionMb=${seen.atMillion} atEndMb=${resident()}`);
