import { createRequire } from 'node:module';
import { StreambookError } from '../core/errors.js';

/** Raised when a library that makes frames is not installed. */
export class FrameLibraryError extends StreambookError {
  constructor(name: string, hint: string, cause: unknown) {
    super('missing-package', `the package ${name} is not installed`, { hint, cause });
  }
}

function isMissing(error: unknown, name: string): boolean {
  const { code, message } = error as { code?: unknown; message?: unknown };
  const missing = code === 'MODULE_NOT_FOUND' || code === 'ERR_MODULE_NOT_FOUND';
  return missing && String(message).includes(`'${name}'`);
}

/** arquero, loaded when the first frame is made. */
export async function loadArquero(): Promise<typeof import('arquero')> {
  try {
    return await import('arquero');
  } catch (error) {
    if (!isMissing(error, 'arquero')) throw error;
    throw new FrameLibraryError(
      'arquero',
      'npm install arquero@8, with "overrides": { "@uwdata/flechette": "2.2.6" } in package.json',
      error,
    );
  }
}

/** danfojs-node, loaded when the first frame is made: it takes a second or two. */
export function loadDanfo(): typeof import('danfojs-node') {
  try {
    // By require: its ES module form does not load in Node.
    return createRequire(import.meta.url)('danfojs-node') as typeof import('danfojs-node');
  } catch (error) {
    if (!isMissing(error, 'danfojs-node')) throw error;
    throw new FrameLibraryError(
      'danfojs-node',
      'write "overrides": { "xlsx": "npm:@e965/xlsx@^0.20.3", "@tensorflow/tfjs-node": "npm:@tensorflow/tfjs@^4.22.0" } ' +
        'into package.json, because two of its packages are in no registry; then npm install danfojs-node@1.2 (335 MB). ' +
        'toArquero() needs less',
      error,
    );
  }
}
