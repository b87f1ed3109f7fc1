import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { messageOf } from '../../src/core/errors.js';
import { FLINK_VERSIONS, type FlinkVersion } from '../../src/flink/local/artefacts.js';
import { stopLocalCluster } from '../../src/flink/local/control.js';
import { startLocalCluster } from '../../src/flink/local/start.js';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Of the SQL Gateway; empty where no cluster can be had. */
    gateway: string;
    jobManager: string;
    kafka: string;
    /** What says where its processes are: for killing them. */
    stateFile: string;
    flinkVersion: FlinkVersion;
  }
}

/** Starts the cluster that all tests share. Where it cannot be had, they are skipped, and a line says why. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const version = FLINK_VERSIONS.find((one) => one === process.env.STREAMBOOK_TEST_FLINK) ?? '1.20.3';
  const folder = mkdtempSync(join(tmpdir(), 'streambook-cluster-'));
  const stateFile = join(folder, 'cluster.json');
  project.provide('flinkVersion', version);
  project.provide('stateFile', stateFile);
  try {
    const state = await startLocalCluster({
      version,
      folder: join(folder, 'cluster'),
      stateFile,
      gatewayPort: 0,
      webPort: 0,
      kafkaPort: 0,
      say: (line) => console.log(line),
    });
    project.provide('gateway', state.gateway);
    project.provide('jobManager', state.jobManager);
    project.provide('kafka', state.kafka ?? '');
  } catch (error) {
    console.log(`Without a real Flink: ${messageOf(error)}`);
    for (const name of ['gateway', 'jobManager', 'kafka'] as const) project.provide(name, '');
  }
  return async () => {
    await stopLocalCluster(stateFile);
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  };
}
