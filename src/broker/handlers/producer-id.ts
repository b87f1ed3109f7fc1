import { errorCodeOf } from '../kafka-error.js';
import { serve } from '../server/request.js';

/** Gives an idempotent producer its id. */
export const initProducerId = serve('InitProducerId', [0, 5], async (_body, _context, services) => {
  try {
    return { errorCode: 0, producerId: await services.producerIds.take(), producerEpoch: 0 };
  } catch (error) {
    return { errorCode: errorCodeOf(error), producerId: -1, producerEpoch: -1 };
  }
});
