import { errorCodes } from '../../wire/error-codes.js';
import { serve } from '../server/request.js';

/**
 * The groups of KIP-848 are not served. This says so: without it librdkafka waits for ever for a broker that knows them,
 * and says nothing.
 */
export const consumerGroupHeartbeat = serve('ConsumerGroupHeartbeat', [0, 1], () => ({
  errorCode: errorCodes.UNSUPPORTED_VERSION,
  errorMessage: 'This broker serves the classic group protocol only: set group.protocol=classic.',
  memberEpoch: 0,
  heartbeatIntervalMs: 0,
}));
