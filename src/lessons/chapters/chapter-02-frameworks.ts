import type { Exercise } from '../exercise.js';

export const frameworks: readonly Exercise[] = [];
