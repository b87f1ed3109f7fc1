/* The data sets of the course: where they lie, and how they are made. */
export { type DataSetFile, datasets, people } from './find.js';
export { kinds } from './kinds.js';
export { writeDataSet } from './make.js';
export { makeDataSet, type OwnDataSetOptions } from './own.js';
