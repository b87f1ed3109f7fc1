import type { Exercise } from '../exercise.js';
import { frameworks } from './chapter-02-frameworks.js';
import { guarantees } from './chapter-02-guarantees.js';
import { running } from './chapter-02-running.js';

export const exercises: readonly Exercise[] = [...frameworks, ...guarantees, ...running];
