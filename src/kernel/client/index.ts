/* A Jupyter client: servers, kernels, notebooks. What is not named here is internal. */
export { type Executed, type NotebookKernel, openKernel } from './kernel.js';
export { type CodeCell, readNotebook, writeNotebook } from './notebook.js';
export type { Output } from './outputs.js';
export { type NotebookResult, runNotebook } from './run-notebook.js';
export { type JupyterServer, startJupyterServer } from './server.js';
