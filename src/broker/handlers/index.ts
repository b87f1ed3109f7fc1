import { apis } from '../../wire/apis/index.js';
import type { Served } from '../server/request.js';
import { apiVersions } from './api-versions.js';
import { describeCluster, offsetForLeaderEpoch } from './cluster.js';
import { alterConfigs, describeConfigs, incrementalAlterConfigs, listConfigResources } from './configs.js';
import { consumerGroupHeartbeat } from './consumer-protocol.js';
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
import { describeQuorum } from './quorum.js';
import { alterPartitionReassignments, describeLogDirs, electLeaders, listPartitionReassignments } from './replicas.js';
import { saslAuthenticate, saslHandshake } from './sasl.js';
import {
  alterUserScramCredentials,
  createAcls,
  deleteAcls,
  describeAcls,
  describeClientQuotas,
  describeUserScramCredentials,
} from './security-admin.js';
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
  describeQuorum,
  createTopics,
  deleteTopics,
  createPartitions,
  describeConfigs,
  alterConfigs,
  incrementalAlterConfigs,
  listConfigResources,
  listPartitionReassignments,
  alterPartitionReassignments,
  electLeaders,
  describeLogDirs,
  // who is there, and what he may do
  saslHandshake,
  saslAuthenticate,
  describeUserScramCredentials,
  alterUserScramCredentials,
  describeAcls,
  createAcls,
  deleteAcls,
  describeClientQuotas,
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
  consumerGroupHeartbeat,
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
