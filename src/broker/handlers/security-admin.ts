import { errorCodes } from '../../wire/error-codes.js';
import { serve } from '../server/request.js';

/** Access lists: there are none, and every change is refused, as by a Kafka without an authorizer. */

export const describeAcls = serve('DescribeAcls', [1, 3], () => ({
  errorCode: errorCodes.SECURITY_DISABLED,
  errorMessage: 'No Authorizer is configured on the broker',
  resources: [],
}));

const REFUSED = { errorCode: errorCodes.SECURITY_DISABLED, errorMessage: 'No Authorizer is configured.' };

export const createAcls = serve('CreateAcls', [1, 3], ({ creations }) => ({ results: creations.map(() => REFUSED) }));

export const deleteAcls = serve('DeleteAcls', [1, 3], ({ filters }) => ({
  filterResults: filters.map(() => ({ ...REFUSED, matchingAcls: [] })),
}));

/** No limits are set on clients. */
export const describeClientQuotas = serve('DescribeClientQuotas', [0, 1], () => ({
  errorCode: 0,
  errorMessage: '',
  entries: [],
}));

const MECHANISMS = { 'SCRAM-SHA-256': 1, 'SCRAM-SHA-512': 2 } as const;

export const describeUserScramCredentials = serve('DescribeUserScramCredentials', [0, 0], ({ users }, { client }) => {
  const known = client.sasl?.users;
  // Null and an empty list both mean all.
  const all = users === null || users.length === 0;
  const names = all ? (known?.names() ?? []) : users.map(({ name }) => name);
  const results = [...new Set(names)].map((user) => {
    const failed = (errorCode: number, errorMessage: string) => ({
      user,
      errorCode,
      errorMessage,
      credentialInfos: [],
    });
    if (names.filter((name) => name === user).length > 1) {
      return failed(
        errorCodes.DUPLICATE_RESOURCE,
        `Cannot describe SCRAM credentials for the same user twice in a single request: ${user}`,
      );
    }
    const credentials = known?.credentialsOf(user) ?? [];
    if (credentials.length === 0) {
      return failed(
        errorCodes.RESOURCE_NOT_FOUND,
        `Attempt to describe a user credential that does not exist: ${user}`,
      );
    }
    const credentialInfos = credentials.map(({ mechanism, iterations }) => ({
      mechanism: MECHANISMS[mechanism],
      iterations,
    }));
    return { user, errorCode: 0, errorMessage: null, credentialInfos };
  });
  return { errorCode: 0, errorMessage: '', results };
});

/** Users are in a file that belongs to whoever runs the broker, or in the program that started it. Clients do not change it. */
export const alterUserScramCredentials = serve('AlterUserScramCredentials', [0, 0], (body, { client }) => {
  const errorMessage =
    client.sasl === undefined
      ? 'This broker asks nobody for a password: start it with --users FILE'
      : 'Users are changed where the broker runs: streambook broker --users FILE --add-user NAME, then start it again';
  const names = new Set([...body.deletions, ...body.upsertions].map(({ name }) => name));
  const errorCode = errorCodes.POLICY_VIOLATION;
  return { results: [...names].map((user) => ({ user, errorCode, errorMessage })) };
});
