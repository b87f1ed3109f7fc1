import { serve } from '../server/request.js';

/** @see Kafka: KIP-35, KIP-511 */
export const apiVersions = serve('ApiVersions', [0, 4], (_body, { served }) => ({
  errorCode: 0,
  apiKeys: [...served].map(([apiKey, { advertisedFrom, versions }]) => ({
    apiKey,
    minVersion: advertisedFrom,
    maxVersion: versions[1],
  })),
}));
