import { serve } from '../server/request.js';

/** Each producer adds its partitions to a transaction itself (1); that the broker does it (2, KIP-890) is not offered. */
const TRANSACTION_VERSION = 1;

/** @see Kafka: KIP-35, KIP-511, KIP-584 */
export const apiVersions = serve('ApiVersions', [0, 4], (_body, { apiVersion, served }) => ({
  errorCode: 0,
  apiKeys: [...served].map(([apiKey, { advertisedFrom, versions }]) => ({
    apiKey,
    minVersion: advertisedFrom,
    maxVersion: versions[1],
  })),
  // Clients before version 4 do not understand a lowest version of 0.
  supportedFeatures:
    apiVersion < 4 ? [] : [{ name: 'transaction.version', minVersion: 0, maxVersion: TRANSACTION_VERSION }],
  finalizedFeaturesEpoch: 0,
  finalizedFeatures: [
    { name: 'transaction.version', maxVersionLevel: TRANSACTION_VERSION, minVersionLevel: TRANSACTION_VERSION },
  ],
}));
