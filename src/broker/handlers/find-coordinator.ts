import { errorCodes } from '../../wire/error-codes.js';
import { serve } from '../server/request.js';

const GROUP = 0;
const TRANSACTION = 1;

/** Where the coordinator of a group or a transactional id is: always here. */
export const findCoordinator = serve('FindCoordinator', [0, 6], (body, { apiVersion, client }, services) => {
  const address = services.addressFor(client.localHost);
  const known = body.keyType === GROUP || body.keyType === TRANSACTION;
  const answer = (key: string) => {
    // Kafka takes an empty group id here for old clients, and never an empty transactional id.
    const valid = known && (key !== '' || body.keyType === GROUP);
    return valid
      ? { key, nodeId: services.nodeId, ...address, errorCode: 0, errorMessage: null }
      : {
          key,
          nodeId: -1,
          host: '',
          port: -1,
          errorCode: errorCodes.INVALID_REQUEST,
          errorMessage: `invalid key '${key}'`,
        };
  };
  if (apiVersion >= 4) return { coordinators: body.coordinatorKeys.map(answer) };
  const { key: _, ...only } = answer(body.key);
  return { ...only, errorMessage: only.errorMessage ?? (apiVersion >= 1 ? 'NONE' : null) };
});
