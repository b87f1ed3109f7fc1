import { TraceLog } from '../engine/trace.js';
import { timeline } from './timeline/timeline.js';
import { View } from './view.js';

/** The view of something that has one of its own, and is not simply rows. */
export function viewOf(data: object): View | undefined {
  if (data instanceof View) return data;
  if (data instanceof TraceLog) return timeline(data);
  return undefined;
}
