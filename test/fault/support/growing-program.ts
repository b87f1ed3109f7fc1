// A program whose state only grows, until the memory is used up: `node --max-old-space-size=64 growing-program.js keys`.
import { KeyedProcessFunction, ListStateDescriptor, streamEnv, ValueStateDescriptor } from '../../../src/index.js';

interface Visit {
  readonly user: string;
  readonly n: number;
}

class LastVisits extends KeyedProcessFunction<unknown, Visit, never> {
  override processElement(visit: Visit): void {
    this.getRuntimeContext().getState(new ValueStateDescriptor<Visit>('last')).update(visit);
  }
}

class AllVisits extends KeyedProcessFunction<unknown, Visit, never> {
  override processElement(visit: Visit): void {
    this.getRuntimeContext().getListState(new ListStateDescriptor<Visit>('all')).add(visit);
  }
}

const env = streamEnv();
const visits = env.generate((n): Visit => ({ user: `user-${n}`, n }));
if (process.argv[2] === 'keys') visits.keyBy('user').process(new LastVisits()).name('Visits').print();
else if (process.argv[2] === 'list')
  visits
    .keyBy(() => 'all')
    .process(new AllVisits())
    .name('Visits')
    .print();
else await visits.name('Visits').executeAndCollect();
await env.execute('growing');
