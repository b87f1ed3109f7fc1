/* The course: exercises that mark themselves, their language, their pace. What is not named here is internal. */
export { checkMime } from './card.js';
export { type CheckOptions, type CheckResult, check, hint, solution } from './check.js';
export { type Language, lesson } from './language.js';
export { pace } from './pace.js';
export { allExercises, exerciseOf } from './registry.js';
