import { describe, expect, test } from 'vitest';
import { apiByKey, apis, decodeRequest, decodeResponse, encodeRequest, encodeResponse } from '../../src/wire/index.js';
import { messages } from './body-arbitrary.js';
import { realExchanges } from './real-frames.js';

const exchanges = realExchanges();

function withoutLength(parts: Buffer[]): Buffer {
  const frame = Buffer.concat(parts);
  expect(frame.readInt32BE(0)).toBe(frame.length - 4);
  return frame.subarray(4);
}

describe('frames recorded between clients and Apache Kafka', () => {
  test('there are some, and the schema has every API and version in them', () => {
    expect(exchanges.length).toBeGreaterThan(500);
    const missing = exchanges.filter(({ apiKey, version }) => {
      const api = apiByKey(apiKey);
      return api === undefined || version < api.versions[0] || version > api.versions[1];
    });
    expect(missing.map(({ apiKey, version }) => `${apiKey} v${version}`)).toEqual([]);
  });

  test('they cover every version of every API, but for what this Kafka does not answer', () => {
    const seen = new Set(exchanges.map(({ apiKey, version }) => `${apiKey} ${version}`));
    const missing = messages(apis)
      .filter(({ api, version }) => !seen.has(`${api.key} ${version}`))
      .map(({ api, version }) => `${api.name} v${version}`);
    // Unstable; off without a metrics plugin; and an answer that holds a path.
    expect([...new Set(missing.map((each) => each.replace(/ v\d+$/, '')))]).toEqual([
      'InitProducerId',
      'DescribeLogDirs',
      'GetTelemetrySubscriptions',
      'PushTelemetry',
    ]);
    expect(missing).toContain('InitProducerId v6');
    expect(missing).not.toContain('InitProducerId v5');
  });

  const kinds = [...new Set(exchanges.map(({ apiKey, version }) => `${apiKey} ${version}`))];
  test.each(kinds)('API %s: requests and responses decode, and encode to the same bytes', (kind) => {
    for (const { apiKey, version, request, response } of exchanges.filter((e) => `${e.apiKey} ${e.version}` === kind)) {
      const asked = decodeRequest(request);
      // librdkafka's "all topics" is the one request with bytes too many.
      if (asked.trailing !== undefined) expect([asked.clientId, asked.apiName]).toEqual(['ck-admin', 'Metadata']);
      expect(asked).toMatchObject({ apiKey, apiVersion: version });
      const again = withoutLength(encodeRequest(apiKey, version, asked, asked.body));
      expect(again.toString('hex')).toBe(request.toString('hex'));

      // Produce with acks=0 has no answer.
      if (response.length === 0) continue;
      const answered = decodeResponse(apiKey, version, response, { trailing: 'refuse' });
      expect(answered.correlationId).toBe(asked.correlationId);
      const answer = withoutLength(encodeResponse(apiKey, version, answered.correlationId, answered.body));
      expect(answer.toString('hex')).toBe(response.toString('hex'));
    }
  });
});
