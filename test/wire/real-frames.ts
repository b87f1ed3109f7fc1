import { readFileSync } from 'node:fs';

/** One request and its answer, recorded from Apache Kafka 4.3.1; without the length prefix. */
export interface RealExchange {
  readonly client: string;
  readonly apiKey: number;
  readonly version: number;
  readonly request: Buffer;
  readonly response: Buffer;
}

/**
 * Every recorded exchange: of kafkajs, librdkafka (kcat), the Java client and kafka-python, and one for each version that
 * Kafka offers, whose request was written by our own encoder and answered by Kafka.
 */
export function realExchanges(): RealExchange[] {
  return ['kafkajs-2.2.4.json', 'other-clients.json', 'kafka-4.3.1-all-versions.json'].flatMap((file) => {
    const text = readFileSync(new URL(`fixtures/${file}`, import.meta.url), 'utf8');
    const recorded = JSON.parse(text) as Record<string, { client: string; request: string; response: string }[]>;
    return Object.entries(recorded).flatMap(([name, exchanges]) => {
      const [, apiKey, version] = name.split('\t').map(Number);
      return exchanges.map(({ client, request, response }) => ({
        client,
        apiKey: apiKey!,
        version: version!,
        request: Buffer.from(request, 'hex'),
        response: Buffer.from(response, 'hex'),
      }));
    });
  });
}
