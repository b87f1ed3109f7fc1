export {
  type Executed,
  type ExecuteOptions,
  type NotebookKernel,
  type OpenKernelOptions,
  openKernel,
} from './kernel.js';
export type { Bundle, Output } from './outputs.js';
export { type JupyterServer, type JupyterServerOptions, startJupyterServer } from './server.js';
