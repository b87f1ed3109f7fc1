import { apis } from '../../wire/apis/index.js';
import type { Served } from '../server/request.js';
import { apiVersions } from './api-versions.js';
import { describeCluster, offsetForLeaderEpoch } from './cluster.js';
import { alterConfigs, describeConfigs, incrementalAlterConfigs } from './configs.js';
import { describeTopicPartitions } from './describe-topic-partitions.js';
import { fetch } from './fetch.js';
import { findCoordinator } from './find-coordinator.js';
import { deleteGroups, describeGroups, listGroups } from './group-admin.js';
import { heartbeat, joinGroup, leaveGroup, syncGroup } from './group-membership.js';
import { listOffsets } from './list-offsets.js';
import { metadata } from './metadata.js';
import { offsetCommit, offsetDelete, offsetFetch } from './offsets.js';
import { produce } from './produce.js';
import { initProducerId } from './producer-id.js';
import { saslAuthenticate, saslHandshake } from './sasl.js';
import { createPartitions, createTopics, deleteRecords, deleteTopics } from './topics-admin.js';
import { describeProducers, describeTransactions, listTransactions } from './transaction-admin.js';
import { addOffsetsToTxn, addPartitionsToTxn, endTxn, txnOffsetCommit } from './transactions.js';

const all: readonly Served[] = [
  // records
  produce,
  fetch,
  listOffsets,
  deleteRecords,
  offsetForLeaderEpoch,
  // the cluster and its topics
  apiVersions,
  metadata,
  describeTopicPartitions,
  describeCluster,
  createTopics,
  deleteTopics,
  createPartitions,
  describeConfigs,
  alterConfigs,
  incrementalAlterConfigs,
  // who is there
  saslHandshake,
  saslAuthenticate,
  // groups
  findCoordinator,
  joinGroup,
  syncGroup,
  heartbeat,
  leaveGroup,
  offsetCommit,
  offsetFetch,
  offsetDelete,
  listGroups,
  describeGroups,
  deleteGroups,
  // producers and transactions
  initProducerId,
  addPartitionsToTxn,
  addOffsetsToTxn,
  txnOffsetCommit,
  endTxn,
  describeTransactions,
  listTransactions,
  describeProducers,
];

let byKey: ReadonlyMap<number, Served> | undefined;

/** What the broker serves, by the API's number, in the order of the numbers. */
export function served(): ReadonlyMap<number, Served> {
  byKey ??= new Map(all.map((one) => [apis[one.name].key, one] as const).sort(([a], [b]) => a - b));
  return byKey;
}
