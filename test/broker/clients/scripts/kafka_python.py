"""kafka-python: python kafka_python.py BROKER PREFIX"""

import threading
import time

from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer, TopicPartition
from kafka.structs import OffsetAndMetadata
from steps import broker, digest, numbered, own, step, until

BASE = {"bootstrap_servers": broker}
admin = KafkaAdminClient(**BASE)


def write(topic, values, partition=0, **options):
    producer = KafkaProducer(**BASE, **options)
    try:
        return digest(send(producer, topic, values, partition))
    finally:
        producer.close(5)


def send(producer, topic, values, partition=0):
    futures = [
        producer.send(topic, value.encode(), f"k{i % 3}".encode(), [("h", str(i).encode())], partition)
        for i, value in enumerate(values)
    ]
    producer.flush(20)
    return [future.get(20).offset for future in futures]


def read(topic, count, offset=0, **options):
    consumer = KafkaConsumer(**BASE, enable_auto_commit=False, **options)
    at = TopicPartition(topic, 0)
    consumer.assign([at])
    consumer.seek(at, offset)
    seen = []
    end = time.time() + 20
    while len(seen) < count and time.time() < end:
        for records in consumer.poll(100).values():
            seen += records
    consumer.close()
    return seen


def text(record):
    return f"{record.offset} {record.key} {record.value} {record.headers}"


@step
def create_topics():
    admin.create_topics({
        own("plain"): {"num_partitions": 1, "replication_factor": 1, "configs": {"retention.ms": "7200000"}},
        own("four"): {"num_partitions": 4, "replication_factor": 1},
        own("transactions"): {"num_partitions": 1, "replication_factor": 1},
    })
    # The real one's brokers hear of new topics a moment later.
    until(lambda: sum(t.startswith(own("")) for t in admin.list_topics()) == 3)
    return sorted(t for t in admin.list_topics() if t.startswith(own("")))


@step
def create_a_topic_that_exists():
    admin.create_topics({own("plain"): {"num_partitions": 1, "replication_factor": 1}})


@step
def metadata():
    def described():
        return admin.describe_topics([own("four")])[0]

    # The real Kafka answers before every part of it knows a new topic.
    until(lambda: [p["leader_id"] for p in described()["partitions"]] == [1] * 4, described)
    topic = described()
    return [[p["partition_index"], p["leader_id"], p["replica_nodes"]] for p in topic["partitions"]]


@step
def write_plain():
    return write(own("plain"), numbered(100, "plain"), enable_idempotence=False)


@step
def write_acks_1():
    return write(own("plain"), ["one"], acks=1, enable_idempotence=False)


@step
def write_gzip():
    return write(own("plain"), numbered(100, "gzip"), compression_type="gzip")


@step
def write_idempotent():
    return write(own("plain"), numbered(500, "once"), enable_idempotence=True, batch_size=500)


@step
def write_a_message_that_is_too_large():
    return write(own("plain"), ["x" * 1_100_000], max_request_size=5_000_000)


@step
def read_from_the_start():
    return digest([text(r) for r in read(own("plain"), 701)])


@step
def read_from_an_offset():
    return digest([text(r) for r in read(own("plain"), 51, 650)])


@step
def write_transactions():
    producer = KafkaProducer(**BASE, transactional_id=own("tx"), transaction_timeout_ms=20000)
    topic = own("transactions")
    producer.init_transactions()
    producer.begin_transaction()
    send(producer, topic, numbered(3, "committed"))
    producer.commit_transaction()
    producer.begin_transaction()
    send(producer, topic, numbered(3, "aborted"))
    producer.abort_transaction()
    producer.begin_transaction()
    send(producer, topic, ["with offsets"])
    producer.send_offsets_to_transaction({TopicPartition(own("plain"), 0): OffsetAndMetadata(42, "", -1)}, own("tx-group"))
    producer.commit_transaction()
    producer.close(5)
    # The real Kafka answers a commit before its markers are written everywhere.
    found = {}

    def there():
        found.update(admin.list_group_offsets(own("tx-group")).get(own("tx-group"), {}))
        return found and all(at.offset >= 0 for at in found.values())

    until(there, lambda: found)
    return found.popitem()[1].offset


@step
def read_committed():
    return [text(r) for r in read(own("transactions"), 4, isolation_level="read_committed")]


@step
def read_uncommitted():
    return [text(r) for r in read(own("transactions"), 7)]


@step
def a_group_of_two():
    topic = own("four")
    seen, members = [], {}

    def member(name):
        leaving = threading.Event()

        def work():
            consumer = KafkaConsumer(
                topic, **BASE, group_id=own("pair"), auto_offset_reset="earliest", session_timeout_ms=10000,
                heartbeat_interval_ms=200, fetch_max_wait_ms=100,
            )
            while not leaving.is_set():
                for records in consumer.poll(200).values():
                    seen.extend(f"{r.partition} {r.offset} {r.value}" for r in records)
                shares[name] = len(consumer.assignment())
            consumer.close()
            del shares[name]

        shares = member.shares
        thread = threading.Thread(target=work, daemon=True)
        members[name] = (leaving, thread)
        thread.start()

    def leave(name):
        leaving, thread = members.pop(name)
        leaving.set()
        thread.join(20)

    def wait(condition):
        until(condition, lambda: [member.shares, seen])

    def shared(*counts):
        wait(lambda: sorted(member.shares.values()) == list(counts))

    def everywhere(value):
        for partition in range(4):
            write(topic, [value], partition)

    member.shares = {}
    member("one")
    shared(4)
    member("two")
    shared(2, 2)
    everywhere("both")
    wait(lambda: len(seen) == 4)
    leave("two")
    shared(4)
    everywhere("alone")
    wait(lambda: len(seen) == 8)
    leave("one")
    return sorted(seen)


@step
def committed_offsets():
    offsets = admin.list_group_offsets(own("pair"))[own("pair")]
    return sorted([tp.partition, at.offset] for tp, at in offsets.items())


@step
def offsets_by_time():
    topic = own("timed")
    admin.create_topics({topic: {"num_partitions": 1, "replication_factor": 1}})
    producer = KafkaProducer(**BASE)
    base = int(time.time() * 1000) - 60000
    for i in range(4):
        producer.send(topic, str(i).encode(), timestamp_ms=base + i * 1000)
    producer.close(5)
    consumer = KafkaConsumer(**BASE)
    at = TopicPartition(topic, 0)
    found = [consumer.offsets_for_times({at: base + ms})[at] for ms in [-5, 0, 1, 1000, 2500, 9000]]
    ends = [list(consumer.beginning_offsets([at]).values()), list(consumer.end_offsets([at]).values())]
    consumer.close()
    return [[one and one.offset for one in found], ends]


@step
def delete_records():
    admin.delete_records({TopicPartition(own("plain"), 0): 600})
    return digest([text(r) for r in read(own("plain"), 101, 5, auto_offset_reset="earliest")])


@step
def delete_groups():
    admin.delete_groups([own("pair"), own("tx-group")])
    return [one for one in map(str, admin.list_groups()) if own("") in one]


@step
def delete_topics():
    admin.delete_topics([own(name) for name in ["plain", "four", "transactions", "timed"]])
    until(lambda: not any(t.startswith(own("")) for t in admin.list_topics()))
    return "gone"


admin.close()
