/*
 * Kafka's error codes as data: code, name, whether a client may try again, what it says. The names and numbers are the
 * protocol's (https://kafka.apache.org/protocol#protocol_error_codes); the words are ours.
 */
const table = [
  [-1, 'UNKNOWN_SERVER_ERROR', false, 'the broker failed in a way it did not expect'],
  [0, 'NONE', false, 'no error'],
  [1, 'OFFSET_OUT_OF_RANGE', false, 'the offset is outside what the partition holds'],
  [
    2,
    'CORRUPT_MESSAGE',
    true,
    'a message fails its checksum, has a wrong size, or no key where the topic is compacted',
  ],
  [3, 'UNKNOWN_TOPIC_OR_PARTITION', true, 'this broker has no such topic or partition'],
  [4, 'INVALID_FETCH_SIZE', false, 'the fetch size is invalid'],
  [5, 'LEADER_NOT_AVAILABLE', true, 'the partition has no leader at the moment'],
  [6, 'NOT_LEADER_OR_FOLLOWER', true, 'this broker is not the leader, or not a replica, of the partition'],
  [7, 'REQUEST_TIMED_OUT', true, 'the request timed out'],
  [8, 'BROKER_NOT_AVAILABLE', false, 'the broker is not available'],
  [9, 'REPLICA_NOT_AVAILABLE', true, 'the replica is not available'],
  [10, 'MESSAGE_TOO_LARGE', false, 'the record batch is larger than the topic or the broker accepts'],
  [11, 'STALE_CONTROLLER_EPOCH', false, 'the controller has moved to another broker'],
  [12, 'OFFSET_METADATA_TOO_LARGE', false, 'the metadata of the offset commit is too large'],
  [13, 'NETWORK_EXCEPTION', true, 'the connection went away before the answer'],
  [14, 'COORDINATOR_LOAD_IN_PROGRESS', true, 'the coordinator is still loading'],
  [15, 'COORDINATOR_NOT_AVAILABLE', true, 'the coordinator is not available'],
  [16, 'NOT_COORDINATOR', true, 'this broker is not the coordinator of the group or transaction'],
  [17, 'INVALID_TOPIC_EXCEPTION', false, 'the topic is not one that may be used here, or its name is invalid'],
  [18, 'RECORD_LIST_TOO_LARGE', false, 'the record batches are larger than a segment'],
  [19, 'NOT_ENOUGH_REPLICAS', true, 'fewer replicas are in sync than required'],
  [20, 'NOT_ENOUGH_REPLICAS_AFTER_APPEND', true, 'the records were written, but to fewer replicas than required'],
  [21, 'INVALID_REQUIRED_ACKS', false, 'acks must be -1, 0 or 1'],
  [22, 'ILLEGAL_GENERATION', false, "the generation is not the group's current one"],
  [23, 'INCONSISTENT_GROUP_PROTOCOL', false, 'the member shares no protocol with the others of its group'],
  [24, 'INVALID_GROUP_ID', false, 'the group id is invalid'],
  [25, 'UNKNOWN_MEMBER_ID', false, 'the coordinator does not know this member'],
  [26, 'INVALID_SESSION_TIMEOUT', false, "the session timeout is outside the broker's bounds"],
  [27, 'REBALANCE_IN_PROGRESS', false, 'the group is rebalancing: join again'],
  [28, 'INVALID_COMMIT_OFFSET_SIZE', false, 'the size of the offset commit is invalid'],
  [29, 'TOPIC_AUTHORIZATION_FAILED', false, 'no permission for the topic'],
  [30, 'GROUP_AUTHORIZATION_FAILED', false, 'no permission for the group'],
  [31, 'CLUSTER_AUTHORIZATION_FAILED', false, 'no permission for the cluster'],
  [32, 'INVALID_TIMESTAMP', false, 'the timestamp is outside what the topic accepts'],
  [33, 'UNSUPPORTED_SASL_MECHANISM', false, 'the broker does not offer this SASL mechanism'],
  [34, 'ILLEGAL_SASL_STATE', false, 'the request does not fit the state of the authentication'],
  [35, 'UNSUPPORTED_VERSION', false, 'this version of the API is not supported'],
  [36, 'TOPIC_ALREADY_EXISTS', false, 'a topic of this name exists'],
  [37, 'INVALID_PARTITIONS', false, 'the number of partitions is not above 0'],
  [38, 'INVALID_REPLICATION_FACTOR', false, 'the replication factor is below 1 or above the number of brokers'],
  [39, 'INVALID_REPLICA_ASSIGNMENT', false, 'the replica assignment is invalid'],
  [40, 'INVALID_CONFIG', false, 'the configuration is invalid'],
  [41, 'NOT_CONTROLLER', true, 'this broker is not the controller'],
  [42, 'INVALID_REQUEST', false, 'the request contradicts itself, or a field has an impossible value'],
  [43, 'UNSUPPORTED_FOR_MESSAGE_FORMAT', false, 'the message format does not support this request'],
  [44, 'POLICY_VIOLATION', false, 'a policy of the cluster forbids this'],
  [45, 'OUT_OF_ORDER_SEQUENCE_NUMBER', false, "the producer's sequence number is not the one expected"],
  [46, 'DUPLICATE_SEQUENCE_NUMBER', false, "the producer's sequence number was seen before"],
  [47, 'INVALID_PRODUCER_EPOCH', false, 'a newer producer with this id has begun'],
  [48, 'INVALID_TXN_STATE', false, 'the transaction is in no state for this'],
  [49, 'INVALID_PRODUCER_ID_MAPPING', false, 'the producer id is not the one assigned to the transactional id'],
  [50, 'INVALID_TRANSACTION_TIMEOUT', false, "the transaction timeout is above the broker's maximum"],
  [51, 'CONCURRENT_TRANSACTIONS', true, 'the previous transaction of this producer is still being ended'],
  [52, 'TRANSACTION_COORDINATOR_FENCED', false, 'the transaction coordinator is no longer the current one'],
  [53, 'TRANSACTIONAL_ID_AUTHORIZATION_FAILED', false, 'no permission for the transactional id'],
  [54, 'SECURITY_DISABLED', false, 'security features are disabled'],
  [
    55,
    'OPERATION_NOT_ATTEMPTED',
    false,
    'the broker did not attempt this, because something else in the request failed',
  ],
  [56, 'KAFKA_STORAGE_ERROR', true, 'the disk failed when the log was accessed'],
  [57, 'LOG_DIR_NOT_FOUND', false, "the log directory is not in the broker's configuration"],
  [58, 'SASL_AUTHENTICATION_FAILED', false, 'SASL authentication failed'],
  [59, 'UNKNOWN_PRODUCER_ID', false, 'the broker knows nothing of this producer id'],
  [60, 'REASSIGNMENT_IN_PROGRESS', false, 'a partition reassignment is in progress'],
  [61, 'DELEGATION_TOKEN_AUTH_DISABLED', false, 'delegation tokens are not enabled'],
  [62, 'DELEGATION_TOKEN_NOT_FOUND', false, 'the broker knows no such delegation token'],
  [63, 'DELEGATION_TOKEN_OWNER_MISMATCH', false, 'the principal is not the owner or a renewer of the token'],
  [64, 'DELEGATION_TOKEN_REQUEST_NOT_ALLOWED', false, 'delegation token requests are not allowed on this connection'],
  [65, 'DELEGATION_TOKEN_AUTHORIZATION_FAILED', false, 'no permission for the delegation token'],
  [66, 'DELEGATION_TOKEN_EXPIRED', false, 'the delegation token has expired'],
  [67, 'INVALID_PRINCIPAL_TYPE', false, 'the principal type is not supported'],
  [68, 'NON_EMPTY_GROUP', false, 'the group still has members'],
  [69, 'GROUP_ID_NOT_FOUND', false, 'there is no such group'],
  [70, 'FETCH_SESSION_ID_NOT_FOUND', true, 'there is no such fetch session'],
  [71, 'INVALID_FETCH_SESSION_EPOCH', true, 'the epoch of the fetch session is not the one expected'],
  [72, 'LISTENER_NOT_FOUND', true, "the partition's leader has no listener like the one the request came by"],
  [73, 'TOPIC_DELETION_DISABLED', false, 'topic deletion is disabled'],
  [74, 'FENCED_LEADER_EPOCH', true, "the leader epoch in the request is older than the broker's"],
  [75, 'UNKNOWN_LEADER_EPOCH', true, "the leader epoch in the request is newer than the broker's"],
  [76, 'UNSUPPORTED_COMPRESSION_TYPE', false, 'the compression type may not be used here'],
  [77, 'STALE_BROKER_EPOCH', false, 'the broker epoch has changed'],
  [78, 'OFFSET_NOT_AVAILABLE', true, 'the high watermark has not caught up since the last leader election'],
  [79, 'MEMBER_ID_REQUIRED', false, 'join again with the member id of this answer'],
  [80, 'PREFERRED_LEADER_NOT_AVAILABLE', true, 'the preferred leader is not available'],
  [81, 'GROUP_MAX_SIZE_REACHED', false, 'the group has as many members as it may have'],
  [82, 'FENCED_INSTANCE_ID', false, 'another member has joined with the same group.instance.id'],
  [83, 'ELIGIBLE_LEADERS_NOT_AVAILABLE', true, 'no eligible leader is available'],
  [84, 'ELECTION_NOT_NEEDED', true, 'the partition needs no leader election'],
  [85, 'NO_REASSIGNMENT_IN_PROGRESS', false, 'no partition reassignment is in progress'],
  [86, 'GROUP_SUBSCRIBED_TO_TOPIC', false, 'the group still subscribes to the topic'],
  [87, 'INVALID_RECORD', false, "a record did not pass the broker's checks"],
  [88, 'UNSTABLE_OFFSET_COMMIT', true, 'offsets of an open transaction must be settled first'],
  [89, 'THROTTLING_QUOTA_EXCEEDED', true, 'a quota has been exceeded'],
  [90, 'PRODUCER_FENCED', false, 'a newer producer with the same transactional id has begun'],
  [91, 'RESOURCE_NOT_FOUND', false, 'there is no such resource'],
  [92, 'DUPLICATE_RESOURCE', false, 'the resource is named twice'],
  [93, 'UNACCEPTABLE_CREDENTIAL', false, 'the credential does not meet the requirements'],
  [94, 'INCONSISTENT_VOTER_SET', false, 'the voters of the quorum do not agree'],
  [95, 'INVALID_UPDATE_VERSION', false, 'the update version is invalid'],
  [96, 'FEATURE_UPDATE_FAILED', false, 'the finalised features could not be updated'],
  [97, 'PRINCIPAL_DESERIALIZATION_FAILURE', false, 'a forwarded principal could not be read'],
  [98, 'SNAPSHOT_NOT_FOUND', false, 'there is no such snapshot'],
  [99, 'POSITION_OUT_OF_RANGE', false, 'the position is outside the snapshot'],
  [100, 'UNKNOWN_TOPIC_ID', true, 'this broker has no topic with this id'],
  [101, 'DUPLICATE_BROKER_REGISTRATION', false, 'a broker with this id is registered'],
  [102, 'BROKER_ID_NOT_REGISTERED', false, 'no broker with this id is registered'],
  [103, 'INCONSISTENT_TOPIC_ID', true, "the topic id does not match the log's"],
  [104, 'INCONSISTENT_CLUSTER_ID', false, 'the cluster id does not match'],
  [105, 'TRANSACTIONAL_ID_NOT_FOUND', false, 'there is no such transactional id'],
  [106, 'FETCH_SESSION_TOPIC_ID_ERROR', true, 'the fetch session mixes topic ids and names'],
  [107, 'INELIGIBLE_REPLICA', false, 'a replica may not join the in-sync set'],
  [108, 'NEW_LEADER_ELECTED', false, 'the change of the in-sync set elected a new leader'],
  [109, 'OFFSET_MOVED_TO_TIERED_STORAGE', false, 'the offset has moved to tiered storage'],
  [110, 'FENCED_MEMBER_EPOCH', false, 'the member epoch is fenced: leave and join again'],
  [111, 'UNRELEASED_INSTANCE_ID', false, 'the instance id belongs to a member that has not left yet'],
  [112, 'UNSUPPORTED_ASSIGNOR', false, 'the assignor is not supported'],
  [113, 'STALE_MEMBER_EPOCH', false, 'the member epoch is stale: try with the current one'],
  [114, 'MISMATCHED_ENDPOINT_TYPE', false, 'the request came to the wrong type of endpoint'],
  [115, 'UNSUPPORTED_ENDPOINT_TYPE', false, 'this endpoint type is not supported'],
  [116, 'UNKNOWN_CONTROLLER_ID', false, 'there is no such controller'],
  [117, 'UNKNOWN_SUBSCRIPTION_ID', false, 'the subscription id is not the current one'],
  [118, 'TELEMETRY_TOO_LARGE', false, 'the telemetry is too large'],
  [119, 'INVALID_REGISTRATION', false, 'the broker registration is invalid'],
  [120, 'TRANSACTION_ABORTABLE', false, 'the transaction must be aborted'],
  [121, 'INVALID_RECORD_STATE', false, 'the state of the record does not allow this'],
  [122, 'SHARE_SESSION_NOT_FOUND', true, 'there is no such share session'],
  [123, 'INVALID_SHARE_SESSION_EPOCH', true, 'the epoch of the share session is not the one expected'],
  [124, 'FENCED_STATE_EPOCH', false, 'the state epoch of the share group is not the one expected'],
  [125, 'INVALID_VOTER_KEY', false, "the voter key does not match the receiver's"],
  [126, 'DUPLICATE_VOTER', false, 'the voter is in the set already'],
  [127, 'VOTER_NOT_FOUND', false, 'the voter is not in the set'],
  [128, 'INVALID_REGULAR_EXPRESSION', false, 'the regular expression is invalid'],
  [129, 'REBOOTSTRAP_REQUIRED', false, 'the client must bootstrap again'],
  [130, 'STREAMS_INVALID_TOPOLOGY', false, 'the topology is invalid'],
  [131, 'STREAMS_INVALID_TOPOLOGY_EPOCH', false, 'the topology epoch is invalid'],
  [132, 'STREAMS_TOPOLOGY_FENCED', false, 'the topology epoch is outdated'],
  [133, 'SHARE_SESSION_LIMIT_REACHED', true, 'there are as many share sessions as there may be'],
] as const;

/** The name of one of Kafka's error codes, such as `UNKNOWN_TOPIC_OR_PARTITION`. */
export type KafkaErrorName = (typeof table)[number][1];

/** One of Kafka's error codes. */
export interface KafkaErrorInfo {
  readonly code: number;
  readonly name: KafkaErrorName;
  /** Whether a client may send the same again and hope. */
  readonly retriable: boolean;
  readonly message: string;
}

const byCode = new Map<number, KafkaErrorInfo>();

/** Name to code. @example errorCodes.UNKNOWN_TOPIC_OR_PARTITION // 3 */
export const errorCodes = Object.fromEntries(table.map(([code, name]) => [name, code])) as {
  readonly [Name in KafkaErrorName]: number;
};

for (const [code, name, retriable, message] of table) byCode.set(code, { code, name, retriable, message });

/** What Kafka means by an error code; `undefined` for a number it has not given out. */
export function kafkaError(code: number): KafkaErrorInfo | undefined {
  return byCode.get(code);
}

/** Every error code, in order. */
export function kafkaErrors(): KafkaErrorInfo[] {
  return [...byCode.values()];
}
