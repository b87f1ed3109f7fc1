import type { Exercise } from '../exercise.js';

export const exercises: readonly Exercise[] = [];
