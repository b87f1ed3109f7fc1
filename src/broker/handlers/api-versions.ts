import { serve } from '../server/request.js';
import { servedApis } from './index.js';

/** @see Kafka: KIP-35, KIP-511 */
export const apiVersions = serve('ApiVersions', [0, 4], () => ({
  errorCode: 0,
  apiKeys: servedApis().map(([apiKey, { advertisedFrom, versions }]) => ({
    apiKey,
    minVersion: advertisedFrom,
    maxVersion: versions[1],
  })),
}));
