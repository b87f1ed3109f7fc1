import { api, array, bool, int8, int16, int32, string } from '../schema.js';

export const describeConfigs = api('DescribeConfigs', 32, [1, 4], 4, {
  request: {
    resources: array({
      /** 2: topic, 4: broker, 8: broker logger, 16: client metrics, 32: group. */
      resourceType: int8(),
      resourceName: string(),
      /** Null: all. */
      configurationKeys: array(string(), { nullable: 0 }),
    }),
    includeSynonyms: bool({ default: false }),
    includeDocumentation: bool({ since: 3, default: false }),
  },
  response: {
    throttleTimeMs: int32({ default: 0 }),
    results: array({
      errorCode: int16(),
      errorMessage: string({ nullable: 0 }),
      resourceType: int8(),
      resourceName: string(),
      configs: array({
        name: string(),
        value: string({ nullable: 0 }),
        readOnly: bool(),
        configSource: int8({ default: -1, ignorable: true }),
        isSensitive: bool(),
        synonyms: array(
          { name: string(), value: string({ nullable: 0 }), source: int8() },
          { default: [], ignorable: true },
        ),
        configType: int8({ since: 3, default: 0, ignorable: true }),
        documentation: string({ since: 3, nullable: 0, ignorable: true }),
      }),
    }),
  },
});
