import { types } from 'node:util';
import type { MimeBundle } from '../core/display.js';
import { frames } from '../core/frames.js';
import type { Schema } from '../core/types/index.js';
import { TraceLog } from '../engine/inspect/trace.js';
import { Job } from '../engine/job.js';
import { read } from './compact.js';
import { holdsRecords } from './infer.js';
import { jobViewOf } from './job/job-view.js';
import { isExecutable, isResult, type ResultRows, ResultView } from './result-view.js';
import { bundleOf } from './show.js';
import { timeline } from './timeline/timeline.js';
import { ownBundle } from './views.js';

/**
 * What stands below a cell whose last line is this value. Rows become a table; jobs, traces, states and errors their own
 * views, as they are at this moment. What does not run yet says what it is, and how to start it: a query may be endless,
 * and writing its name down is no order to run it. Everything else is left to Node.
 */
export function lastValueBundle(value: unknown): Promise<MimeBundle> | undefined {
  if (value === null || typeof value !== 'object') return undefined;
  const view = jobViewOf(value);
  if (view !== undefined) return view.bundle();
  if (value instanceof TraceLog) return timeline(value).bundle();
  if (isResult(value)) return resultBundle(value);
  if (isExecutable(value)) return said('Table', value.schema, 'nothing runs until execute(), show() or for await');
  const own = ownBundle(value);
  if (own !== undefined) return Promise.resolve(own);
  if (types.isNativeError(value) || frames().view(value) !== undefined || holdsRecords(value)) {
    return Promise.resolve(bundleOf(value));
  }
  return undefined;
}

/** The list of a command is complete, and can be had as often as wanted; the rows of a query go by once. */
function resultBundle(result: ResultRows): Promise<MimeBundle> {
  const job: unknown = read(result, 'job');
  const view = job instanceof Job && result.isOk ? jobViewOf(job) : undefined;
  if (view !== undefined) return view.bundle();
  const withJob = read(result, 'withJob');
  if (read(result, 'isQuery') === false && typeof withJob === 'function') {
    return new ResultView(withJob.call(result, job) as ResultRows).bundle();
  }
  return said('TableResult', result.schema, 'its rows come by once, with show(), print(), collect() or for await');
}

function said(what: string, schema: Schema, how: string): Promise<MimeBundle> {
  const columns = schema.fields.map(({ name, type }) => `${name} ${String(type)}`).join(', ');
  return Promise.resolve({ 'text/plain': `${what} (${columns}): ${how}` });
}
