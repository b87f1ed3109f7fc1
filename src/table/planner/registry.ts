import { FILTER_RULE, PROJECT_RULE } from './nodes/calc.js';
import { CORRELATE_RULE, TABLE_FUNCTION_RULE } from './nodes/correlate.js';
import { GROUPING_SETS_RULE } from './nodes/expand.js';
import { AGGREGATE_RULE } from './nodes/group-aggregate.js';
import { GROUP_WINDOW_AGGREGATE_RULE } from './nodes/group-window-aggregate.js';
import { INTERVAL_JOIN_RULE } from './nodes/interval-join.js';
import { JOIN_RULE } from './nodes/join.js';
import { LOOKUP_JOIN_RULE } from './nodes/lookup-join.js';
import { MATCH_RULE } from './nodes/match.js';
import { OVER_AGGREGATE_RULE } from './nodes/over-aggregate.js';
import { RANK_RULE } from './nodes/rank.js';
import { INLINE_SCAN_RULE, SCAN_RULE } from './nodes/scan.js';
import { SORT_RULE } from './nodes/sort.js';
import { TEMPORAL_JOIN_RULE } from './nodes/temporal-join.js';
import { UNION_RULE } from './nodes/union.js';
import { VALUES_RULE } from './nodes/values.js';
import { WATERMARK_RULE } from './nodes/watermark.js';
import { WINDOW_AGGREGATE_RULE } from './nodes/window-aggregate.js';
import { WINDOW_JOIN_RULE } from './nodes/window-join.js';
import { WINDOW_TVF_RULE } from './nodes/window-tvf.js';
import type { PhysicalRule } from './rules.js';

/** All rules, in the order in which they are tried. A rule is added here, the particular before the general. */
export const PHYSICAL_RULES: readonly PhysicalRule[] = [
  SCAN_RULE,
  INLINE_SCAN_RULE,
  VALUES_RULE,
  PROJECT_RULE,
  FILTER_RULE,
  WATERMARK_RULE,
  GROUPING_SETS_RULE,
  WINDOW_AGGREGATE_RULE,
  AGGREGATE_RULE,
  WINDOW_TVF_RULE,
  GROUP_WINDOW_AGGREGATE_RULE,
  OVER_AGGREGATE_RULE,
  MATCH_RULE,
  RANK_RULE,
  LOOKUP_JOIN_RULE,
  TEMPORAL_JOIN_RULE,
  WINDOW_JOIN_RULE,
  INTERVAL_JOIN_RULE,
  JOIN_RULE,
  CORRELATE_RULE,
  TABLE_FUNCTION_RULE,
  UNION_RULE,
  SORT_RULE,
];
