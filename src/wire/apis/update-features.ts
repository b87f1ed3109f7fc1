import { api, array, bool, int8, int16, int32, string } from '../schema.js';

export const updateFeatures = api('UpdateFeatures', 57, [0, 2], 0, {
  request: {
    timeoutMs: int32({ default: 60000 }),
    featureUpdates: array({
      feature: string(),
      maxVersionLevel: int16(),
      allowDowngrade: bool({ until: 0 }),
      /** 1: upgrade, 2: safe downgrade, 3: unsafe downgrade. */
      upgradeType: int8({ since: 1, default: 1 }),
    }),
    validateOnly: bool({ since: 1, default: false }),
  },
  response: {
    throttleTimeMs: int32({ default: 0 }),
    errorCode: int16(),
    errorMessage: string({ nullable: 0 }),
    results: array(
      { feature: string(), errorCode: int16(), errorMessage: string({ nullable: 0 }) },
      { until: 1, ignorable: true },
    ),
  },
});
