export {
  type Executed,
  type ExecuteOptions,
  type NotebookKernel,
  type OpenKernelOptions,
  openKernel,
} from './kernel.js';
export { type Notebook, readNotebook, writeNotebook } from './notebook.js';
export type { Bundle, Output } from './outputs.js';
export { type NotebookResult, type RunOptions, runNotebook } from './runNotebook.js';
export { type JupyterServer, type JupyterServerOptions, startJupyterServer } from './server.js';
