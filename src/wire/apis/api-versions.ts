import { api, array, bool, int16, int32, int64, string } from '../schema.js';

/** The first request of a connection. Its response header never has tags; see `responseHeaderHasTags`. */
export const apiVersions = api('ApiVersions', 18, [0, 4], 3, {
  request: {
    clientSoftwareName: string({ since: 3, ignorable: true }),
    clientSoftwareVersion: string({ since: 3, ignorable: true }),
  },
  response: {
    errorCode: int16(),
    apiKeys: array({ apiKey: int16(), minVersion: int16(), maxVersion: int16() }),
    throttleTimeMs: int32({ since: 1, ignorable: true }),
    supportedFeatures: array(
      { name: string(), minVersion: int16(), maxVersion: int16() },
      { since: 3, ignorable: true, tag: 0 },
    ),
    finalizedFeaturesEpoch: int64({ since: 3, default: -1, ignorable: true, tag: 1 }),
    finalizedFeatures: array(
      { name: string(), maxVersionLevel: int16(), minVersionLevel: int16() },
      { since: 3, ignorable: true, tag: 2 },
    ),
    zkMigrationReady: bool({ since: 3, default: false, ignorable: true, tag: 3 }),
  },
});
