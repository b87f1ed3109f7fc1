import type { Exercise } from '../exercise.js';

export const running: readonly Exercise[] = [];
