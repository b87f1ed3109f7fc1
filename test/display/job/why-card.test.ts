import { describe, expect, test } from 'vitest';
import { streamEnv } from '../../../src/datastream/index.js';
import { why } from '../../../src/display/index.js';
import { whyBundle } from '../../../src/display/job/why-card.js';
import { Why, type WhyReason } from '../../../src/engine/inspect/why.js';
import { tagsOf, textOf } from '../html.js';

const KINDS: WhyReason['kind'][] = [
  'failed',
  'ended',
  'no-input',
  'no-watermark',
  'held-back',
  'idle',
  'open-windows',
  'waits-for-clock',
  'late',
  'filtered',
  'full',
  'aligned',
  'waits-for-answers',
  'waits-for-checkpoint',
  'odd-timestamps',
];

describe('the card that says why', () => {
  test('has a heading and something to do for every reason', () => {
    for (const kind of KINDS) {
      const bundle = whyBundle(new Why([{ operator: 'sums', kind, text: 'what the engine says' }]));
      const [title, ...lines] = bundle['text/plain'].split('\n');
      expect(title).toBe('Why is there no output?');
      expect(lines[0]).toMatch(/^- .+ \(sums\): what the engine says$/);
      expect(lines[1]).toMatch(/^ {2}hint: .{20,}$/);
      expect(textOf(String(bundle['text/html']))).toContain('what the engine says');
    }
  });

  test('takes names and texts as text, and not too many of them', () => {
    const bad = '<script>alert(1)</script>\u202e';
    const reasons = Array.from(
      { length: 40 },
      (_, i): WhyReason => ({ operator: bad, kind: 'late', text: `${bad} ${i} ${'x'.repeat(5000)}` }),
    );
    const bundle = whyBundle(new Why(reasons));
    const html = String(bundle['text/html']);
    expect(new Set(tagsOf(html).map((tag) => tag.name))).toEqual(new Set(['div', 'span', 'strong', 'code']));
    expect(html).not.toContain('\u202e');
    expect(html.length).toBeLessThan(30_000);
    expect(bundle['text/plain']).toContain('and 28 more');
  });

  test('keeps the lines of an error', () => {
    const bundle = whyBundle(new Why([{ operator: 'job', kind: 'failed', text: 'no <b>\n  at cell [3]' }]));
    expect(bundle['text/html']).toContain('no &lt;b&gt;<br>at cell [3]</div>');
  });

  test('says so when nothing holds anything back', () => {
    expect(whyBundle(new Why([]))['text/plain']).toBe('Nothing holds results back: elements pass as they come.');
  });

  test('is text and data as well', async () => {
    const env = streamEnv();
    env.fromElements(1).forEach(() => {});
    const job = await env.executeAsync();
    await job.wait();
    const view = why(job);
    expect(view.reasons.map((reason) => reason.kind)).toEqual(['ended']);
    expect(String(view)).toBe('job: it has ended (finished): nothing more will come');
    expect((await view.bundle())['text/html']).toContain('The job has ended');
  });
});
