export { type ScriptStep, scriptedStream, scriptedStreams } from './script.js';
