import type { MimeBundle } from '../core/display.js';
import { Plan } from '../engine/inspect/explain.js';
import { JobMetrics } from '../engine/inspect/job-metrics.js';
import { OperatorState } from '../engine/inspect/operator-state.js';
import { TraceLog } from '../engine/inspect/trace.js';
import { Why } from '../engine/inspect/why.js';
import { graphBundle } from './job/graph.js';
import { operatorTable } from './job/job-card.js';
import { jobViewOf } from './job/job-view.js';
import { whyBundle } from './job/why-card.js';
import { isExecutable, isResult, ResultView } from './result-view.js';
import type { ShowOptions } from './show.js';
import { stateBundle } from './state-view.js';
import { timeline } from './timeline/timeline.js';
import { isTopic, isTopicList, topicBundle, topicListBundle } from './topic-view.js';
import { View } from './view.js';

/** The view of something that takes its time to draw, or goes on. */
export function viewOf(data: object, options: ShowOptions = {}): View | undefined {
  if (data instanceof View) return data;
  const job = jobViewOf(data);
  if (job !== undefined) return job;
  if (data instanceof TraceLog) return timeline(data);
  if (isResult(data)) return new ResultView(data, options);
  if (isExecutable(data)) return new ResultView(data.execute(), options);
  return undefined;
}

/** The picture of something that has one of its own, and is not simply rows. */
export function ownBundle(data: object): MimeBundle | undefined {
  if (data instanceof Plan) return graphBundle(data);
  if (data instanceof Why) return whyBundle(data);
  if (data instanceof OperatorState) return stateBundle(data);
  if (data instanceof JobMetrics) return operatorTable(data);
  if (isTopic(data)) return topicBundle(data);
  if (isTopicList(data)) return topicListBundle(data);
  return undefined;
}
