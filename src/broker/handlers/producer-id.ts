import { errorCodes } from '../../wire/error-codes.js';
import { errorCodeOf, KafkaError } from '../kafka-error.js';
import { serve } from '../server/request.js';
import type { ProducerRef } from '../transactions/state.js';
import { fencedCode } from './fenced.js';

/** Gives an idempotent producer its id, and a transactional one the next epoch of its own. */
export const initProducerId = serve('InitProducerId', [0, 5], async (body, { apiVersion }, services) => {
  const { transactionalId, transactionTimeoutMs } = body;
  try {
    const expected = expectedOf(body.producerId, body.producerEpoch);
    const { producerId, epoch } =
      transactionalId === null
        ? { producerId: await services.producerIds.take(), epoch: 0 }
        : await services.transactions.begin(transactionalId, transactionTimeoutMs, expected);
    return { errorCode: 0, producerId, producerEpoch: epoch };
  } catch (error) {
    const errorCode = fencedCode(errorCodeOf(error), apiVersion >= 4);
    if (errorCode === errorCodes.UNKNOWN_SERVER_ERROR) throw error;
    return { errorCode, producerId: -1, producerEpoch: -1 };
  }
});

function expectedOf(producerId: number, epoch: number): ProducerRef | undefined {
  if (producerId === -1 && epoch === -1) return undefined;
  if (producerId === -1 || epoch === -1) {
    throw new KafkaError('INVALID_REQUEST', 'a producer id without epoch, or an epoch without id');
  }
  return { producerId, epoch };
}
