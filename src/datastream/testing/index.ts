export {
  type HarnessOptions,
  type HarnessSnapshot,
  KeyedOneInputStreamOperatorTestHarness,
  KeyedTwoInputStreamOperatorTestHarness,
  OneInputStreamOperatorTestHarness,
  type OperatorUnderTest,
  StreamOperatorTestHarness,
  TwoInputStreamOperatorTestHarness,
} from './harness.js';
export type { HarnessOutput } from './harness-loop.js';
export { operatorHarness, ProcessFunctionTestHarnesses, twoInputHarness } from './harnesses.js';
export { type ScriptStep, scriptedStream, scriptedStreams } from './script.js';
