import type { CompressionCodec } from './codec.js';
import { corrupt, nodeZlib, tooLarge } from './codec.js';

export const gzip: CompressionCodec = {
  compress: (data) => nodeZlib().gzipSync(data),
  decompress(data, maxBytes) {
    try {
      return nodeZlib().gunzipSync(data, { maxOutputLength: Math.max(1, maxBytes) });
    } catch (error) {
      throw isTooLarge(error) ? tooLarge(maxBytes) : corrupt('gzip', error);
    }
  },
};

/** Whether node:zlib stopped at `maxOutputLength`. */
export function isTooLarge(error: unknown): boolean {
  return (error as { code?: unknown }).code === 'ERR_BUFFER_TOO_LARGE';
}
