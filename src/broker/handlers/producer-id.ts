import { errorCodes } from '../../wire/error-codes.js';
import { errorCodeOf } from '../kafka-error.js';
import { serve } from '../server/request.js';

/** Gives an idempotent producer its id. */
export const initProducerId = serve('InitProducerId', [0, 5], async ({ transactionalId }, _context, services) => {
  // Rather no transaction than one that is none: these are not served yet.
  if (transactionalId !== null) return { errorCode: errorCodes.INVALID_REQUEST, producerId: -1, producerEpoch: -1 };
  try {
    return { errorCode: 0, producerId: await services.producerIds.take(), producerEpoch: 0 };
  } catch (error) {
    return { errorCode: errorCodeOf(error), producerId: -1, producerEpoch: -1 };
  }
});
