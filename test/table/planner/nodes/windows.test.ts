import { expect, test } from 'vitest';
import { type AnyType, type } from '../../../../src/core/types/index.js';
import { evaluationContext } from '../../../../src/table/codegen/index.js';
import { requireMultiple, windowClock, windowText } from '../../../../src/table/planner/nodes/windows.js';

const at = (text: string): number => Date.parse(text);
const local = { name: 'ts', type: type.timestamp(3) as AnyType, time: 'rowtime' as const };
const zoned = { name: 'ts', type: type.timestampLtz(3) as AnyType, time: 'rowtime' as const };

test('TIMESTAMP is local time already, whatever the zone', () => {
  const clock = windowClock(local, evaluationContext({ timeZone: 'Asia/Shanghai' }));
  expect([clock.toLocal(5), clock.timerOf(5), clock.toEpoch(5)]).toEqual([5, 5, 5]);
});

test("TIMESTAMP_LTZ goes by the session's zone", () => {
  const clock = windowClock(zoned, evaluationContext({ timeZone: 'Asia/Shanghai' }));
  expect(clock.toLocal(0)).toBe(8 * 3_600_000);
  expect(clock.timerOf(8 * 3_600_000 - 1)).toBe(-1);
});

test('where clocks are set, a window ends when no local time in it can come any more', () => {
  const clock = windowClock(zoned, evaluationContext({ timeZone: 'Europe/Berlin' }));
  // 2021-03-28 02:00 to 03:00 is left out.
  expect(clock.timerOf(at('2021-03-28T02:59:59.999Z'))).toBe(at('2021-03-28T01:00:00Z'));
  // 2021-10-31 02:00 to 03:00 comes twice.
  expect(clock.timerOf(at('2021-10-31T02:59:59.999Z'))).toBe(at('2021-10-31T01:59:59.999Z'));
  expect(clock.timerOf(at('2021-10-31T03:59:59.999Z'))).toBe(at('2021-10-31T02:59:59.999Z'));
});

test('windows as plans write them, and those whose parts do not fill them', () => {
  const hop = { type: 'hop', size: 10_000, slide: 3000, time: 0 } as const;
  expect(windowText(hop, [zoned])).toBe('HOP(time_col=[ts], size=[10 s], slide=[3 s])');
  expect(() => requireMultiple(hop)).toThrow('but got size 10000 ms and slide 3000 ms');
  expect(() => requireMultiple({ type: 'cumulate', size: 10, step: 3, time: 0 })).toThrow('CUMULATE table function');
});
