import { Histogram } from './histogram.js';

/** Records and their bytes, as they lie in batches (compressed, if they are). */
export interface Traffic {
  recordsIn: number;
  bytesIn: number;
  recordsOut: number;
  bytesOut: number;
}

/** What a client has asked for. `requestBytes` and `responseBytes` are all of the wire. */
export interface ClientTraffic extends Traffic {
  requests: number;
  requestBytes: number;
  responseBytes: number;
  connections: number;
}

/** What has been asked of one API. */
export interface ApiTraffic {
  requestBytes: number;
  responseBytes: number;
  readonly latency: Histogram;
}

/** Clients choose their own ids: those beyond this many are counted together. */
const MAX_CLIENTS = 1000;
const OTHERS = '(others)';

/**
 * What has gone through a broker, counted as it goes: additions to numbers only. What can be seen from its state (sizes,
 * lag) is looked up when somebody asks.
 */
export class TrafficCounters {
  readonly startedAt = Date.now();
  connectionsOpen = 0;
  connectionsAccepted = 0;
  connectionsRefused = 0;
  readonly topics = new Map<string, Traffic>();
  readonly clients = new Map<string, ClientTraffic>();
  /** By the API's number. */
  readonly apis = new Map<number, ApiTraffic>();

  client(clientId: string): ClientTraffic {
    let client = this.clients.get(clientId);
    if (client === undefined) {
      if (this.clients.size >= MAX_CLIENTS && clientId !== OTHERS) return this.client(OTHERS);
      client = { ...noTraffic(), requests: 0, requestBytes: 0, responseBytes: 0, connections: 0 };
      this.clients.set(clientId, client);
    }
    return client;
  }

  topic(name: string): Traffic {
    let topic = this.topics.get(name);
    if (topic === undefined) {
      topic = noTraffic();
      this.topics.set(name, topic);
    }
    return topic;
  }

  forgetTopic(name: string): void {
    this.topics.delete(name);
  }

  /** A batch was written. */
  produced(topic: string, clientId: string, records: number, bytes: number): void {
    for (const traffic of [this.topic(topic), this.client(clientId)]) {
      traffic.recordsIn += records;
      traffic.bytesIn += bytes;
    }
  }

  /** Batches were read. */
  fetched(topic: string, clientId: string, records: number, bytes: number): void {
    for (const traffic of [this.topic(topic), this.client(clientId)]) {
      traffic.recordsOut += records;
      traffic.bytesOut += bytes;
    }
  }

  /** A request was answered (or, with 0 bytes, served without an answer). */
  answered(apiKey: number, client: ClientTraffic, bytesIn: number, bytesOut: number, ms: number): void {
    let api = this.apis.get(apiKey);
    if (api === undefined) {
      api = { requestBytes: 0, responseBytes: 0, latency: new Histogram() };
      this.apis.set(apiKey, api);
    }
    api.requestBytes += bytesIn;
    api.responseBytes += bytesOut;
    api.latency.record(ms);
    client.requests++;
    client.requestBytes += bytesIn;
    client.responseBytes += bytesOut;
  }
}

function noTraffic(): Traffic {
  return { recordsIn: 0, bytesIn: 0, recordsOut: 0, bytesOut: 0 };
}
