import { errorCodes } from '../../wire/error-codes.js';
import { serve } from '../server/request.js';
import { statuses, type TransactionState } from '../transactions/state.js';

const NOTHING = {
  transactionState: '',
  transactionTimeoutMs: 0,
  transactionStartTimeMs: 0,
  producerId: 0,
  producerEpoch: 0,
  topics: [],
};

export const describeTransactions = serve(
  'DescribeTransactions',
  [0, 0],
  ({ transactionalIds }, _context, { transactions }) => ({
    transactionStates: transactionalIds.map((transactionalId) => {
      const state = transactions.stateOf(transactionalId);
      if (state === undefined) {
        const errorCode = transactionalId === '' ? errorCodes.INVALID_REQUEST : errorCodes.TRANSACTIONAL_ID_NOT_FOUND;
        return { ...NOTHING, errorCode, transactionalId };
      }
      return {
        errorCode: 0,
        transactionalId,
        transactionState: state.status,
        transactionTimeoutMs: state.timeoutMs,
        transactionStartTimeMs: state.startedAt,
        producerId: state.producerId,
        producerEpoch: state.epoch,
        topics: [...state.partitions].map(([topic, partitions]) => ({ topic, partitions: [...partitions] })),
      };
    }),
  }),
);

/** Version 2 would bring a regular expression, with which a client could keep us busy for ever. */
export const listTransactions = serve('ListTransactions', [0, 1], (body, _context, { transactions, now }) => {
  const { stateFilters, producerIdFilters, durationFilter } = body;
  const known = new Set<string>(statuses);
  const unknownStateFilters = stateFilters.filter((state) => !known.has(state));
  const states = new Set(stateFilters.filter((state) => known.has(state)));
  const producers = new Set(producerIdFilters);
  const matches = (state: TransactionState): boolean => {
    if (stateFilters.length > 0 && !states.has(state.status)) return false;
    if (producers.size > 0 && !producers.has(state.producerId)) return false;
    // As in Kafka, what has not begun counts as begun in 1970.
    return durationFilter < 0 || now() - state.startedAt > durationFilter;
  };
  const transactionStates = [...transactions.all()]
    .filter(([, state]) => matches(state))
    .map(([transactionalId, { producerId, status }]) => ({ transactionalId, producerId, transactionState: status }));
  return { errorCode: 0, unknownStateFilters, transactionStates };
});

export const describeProducers = serve('DescribeProducers', [0, 0], (body, _context, { topics }) => ({
  topics: body.topics.map(({ name, partitionIndexes }) => ({
    name,
    partitions: partitionIndexes.map((partitionIndex) => {
      const log = topics.log(name, partitionIndex);
      if (log === undefined) {
        const errorCode = errorCodes.UNKNOWN_TOPIC_OR_PARTITION;
        return { partitionIndex, errorCode, errorMessage: null, activeProducers: [] };
      }
      return {
        partitionIndex,
        errorCode: 0,
        errorMessage: null,
        activeProducers: [...log.producers.all()].map((producer) => ({
          producerId: producer.id,
          producerEpoch: producer.epoch,
          lastSequence: producer.batches.at(-1)?.lastSequence ?? -1,
          lastTimestamp: producer.lastTimestamp,
          coordinatorEpoch: producer.coordinatorEpoch,
          currentTxnStartOffset: producer.transactionStart,
        })),
      };
    }),
  })),
}));
