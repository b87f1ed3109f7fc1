"""librdkafka by confluent-kafka: python confluent.py BROKER PREFIX"""

import time

from confluent_kafka import Consumer, ConsumerGroupTopicPartitions, KafkaException, Producer, TopicPartition
from confluent_kafka.admin import (
    AdminClient,
    AlterConfigOpType,
    ConfigEntry,
    ConfigResource,
    NewPartitions,
    NewTopic,
    OffsetSpec,
)
from steps import broker, digest, numbered, own, step, until

BASE = {"bootstrap.servers": broker, "log_level": 0}
admin = AdminClient(BASE)


def result(futures):
    return {key: future.result(20) for key, future in futures.items()}


def write(topic, values, partition=0, **options):
    producer = Producer({**BASE, "linger.ms": 5, **options})
    return send(producer, topic, values, partition)


def send(producer, topic, values, partition=0):
    reports = []
    for i, value in enumerate(values):
        producer.produce(
            topic, value, key=f"k{i % 3}", partition=partition, headers={"h": str(i)},
            on_delivery=lambda error, message: reports.append(error.name() if error else message.offset()),
        )
    producer.flush(20)
    return digest(reports)


def read(topic, count, offset=0, **options):
    consumer = Consumer({**BASE, "group.id": own("read"), "enable.auto.commit": False, **options})
    consumer.assign([TopicPartition(topic, 0, offset)])
    seen = []
    end = time.time() + 20
    while len(seen) < count and time.time() < end:
        seen += [one for one in consumer.consume(count, 0.1) if one.error() is None]
    consumer.close()
    return seen


def text(message):
    headers = dict(message.headers() or [])
    return f"{message.offset()} {message.key()} {message.value()} {headers.get('h')}"


@step
def create_topics():
    topics = [
        NewTopic(own("plain"), 1, 1, config={"retention.ms": "7200000"}),
        NewTopic(own("four"), 4),
        NewTopic(own("transactions"), 1),
    ]
    return len(result(admin.create_topics(topics)))


@step
def create_a_topic_that_exists():
    result(admin.create_topics([NewTopic(own("plain"), 1)]))


@step
def create_with_an_invalid_config():
    result(admin.create_topics([NewTopic(own("x"), 1, config={"retention.ms": "long"})]))


@step
def metadata():
    topic = admin.list_topics(own("four"), 10).topics[own("four")]
    return [[p.id, p.leader, p.replicas, p.isrs] for p in sorted(topic.partitions.values(), key=lambda p: p.id)]


@step
def describe_a_topic():
    from confluent_kafka import TopicCollection

    [description] = result(admin.describe_topics(TopicCollection([own("four")]))).values()
    return [description.name, description.is_internal, len(description.partitions)]


@step
def describe_the_cluster():
    cluster = admin.describe_cluster().result(10)
    return [len(cluster.nodes), cluster.controller.id, len(cluster.cluster_id)]


@step
def alter_configs():
    entry = ConfigEntry("retention.ms", "5000000", incremental_operation=AlterConfigOpType.SET)
    resource = ConfigResource(ConfigResource.Type.TOPIC, own("plain"), incremental_configs=[entry])
    result(admin.incremental_alter_configs([resource]))
    configs = {}

    def altered():
        # The real one's brokers hear of changes a moment later.
        [now] = result(admin.describe_configs([ConfigResource(ConfigResource.Type.TOPIC, own("plain"))])).values()
        configs.update(now)
        return configs["retention.ms"].value == "5000000"

    until(altered)
    names = ["cleanup.policy", "max.message.bytes", "message.timestamp.type", "retention.ms"]
    return [[name, configs[name].value, configs[name].source] for name in names]


@step
def write_plain():
    return write(own("plain"), numbered(100, "plain"))


@step
def write_acks_1():
    return write(own("plain"), ["one"], acks=1)


@step
def write_gzip():
    return write(own("plain"), numbered(100, "gzip"), **{"compression.type": "gzip"})


@step
def write_snappy():
    return write(own("plain"), numbered(100, "snappy"), **{"compression.type": "snappy"})


@step
def write_lz4():
    return write(own("plain"), numbered(100, "lz4"), **{"compression.type": "lz4"})


@step
def write_zstd():
    return write(own("plain"), numbered(100, "zstd"), **{"compression.type": "zstd"})


@step
def write_idempotent():
    return write(own("plain"), numbered(500, "once"), **{"enable.idempotence": True, "batch.num.messages": 20})


@step
def write_a_message_that_is_too_large():
    return write(own("plain"), ["x" * 1_100_000], **{"message.max.bytes": 5_000_000})


@step
def write_to_a_partition_that_is_not_there():
    return write(own("plain"), ["lost"], partition=7, **{"message.timeout.ms": 3000})


@step
def read_from_the_start():
    return digest([text(m) for m in read(own("plain"), 1001)])


@step
def read_from_an_offset():
    return digest([text(m) for m in read(own("plain"), 51, 950)])


@step
def read_beyond_the_end():
    consumer = Consumer({**BASE, "group.id": own("read"), "auto.offset.reset": "error"})
    consumer.assign([TopicPartition(own("plain"), 0, 5000)])
    message = consumer.poll(10)
    consumer.close()
    return message.error().name()


@step
def watermarks():
    consumer = Consumer({**BASE, "group.id": own("read")})
    marks = consumer.get_watermark_offsets(TopicPartition(own("plain"), 0), 10)
    consumer.close()
    return marks


@step
def write_transactions():
    producer = Producer({**BASE, "transactional.id": own("tx"), "transaction.timeout.ms": 20000})
    producer.init_transactions(20)
    topic = own("transactions")
    producer.begin_transaction()
    send(producer, topic, numbered(3, "committed"))
    producer.commit_transaction(20)
    producer.begin_transaction()
    send(producer, topic, numbered(3, "aborted"))
    producer.abort_transaction(20)
    consumer = Consumer({**BASE, "group.id": own("tx-group")})
    producer.begin_transaction()
    send(producer, topic, ["with offsets"])
    positions = [TopicPartition(own("plain"), 0, 42)]
    producer.send_offsets_to_transaction(positions, consumer.consumer_group_metadata(), 20)
    producer.commit_transaction(20)
    [committed] = consumer.committed([TopicPartition(own("plain"), 0)], 10)
    # The marker of the last commit may come a moment after its answer.
    until(lambda: consumer.get_watermark_offsets(TopicPartition(topic, 0), 10) == (0, 10))
    consumer.close()
    return committed.offset


@step
def read_committed():
    return [text(m) for m in read(own("transactions"), 4)]


@step
def read_uncommitted():
    return [text(m) for m in read(own("transactions"), 7, **{"isolation.level": "read_uncommitted"})]


@step
def a_fenced_producer():
    first = Producer({**BASE, "transactional.id": own("fence")})
    first.init_transactions(20)
    first.begin_transaction()
    first.produce(own("transactions"), "lost", partition=0)
    first.flush(20)
    second = Producer({**BASE, "transactional.id": own("fence")})
    second.init_transactions(20)
    try:
        first.commit_transaction(20)
        return "committed"
    except KafkaException as error:
        return [error.args[0].name(), error.args[0].fatal()]


def group_of_two(strategy):
    topic = own("four")
    held, seen, consumers = {}, [], {}

    def member(name):
        def gained(consumer, partitions):
            if strategy == "cooperative-sticky":
                consumer.incremental_assign(partitions)
                held[name] = held.get(name, set()) | {p.partition for p in partitions}
            else:
                consumer.assign(partitions)
                held[name] = {p.partition for p in partitions}

        def lost(consumer, partitions):
            if strategy == "cooperative-sticky":
                consumer.incremental_unassign(partitions)
                held[name] = held.get(name, set()) - {p.partition for p in partitions}
            else:
                consumer.unassign()
                held[name] = set()

        consumer = Consumer({
            **BASE, "group.id": own(strategy), "auto.offset.reset": "earliest", "session.timeout.ms": 10000,
            "heartbeat.interval.ms": 200, "partition.assignment.strategy": strategy, "fetch.wait.max.ms": 100,
        })
        consumer.subscribe([topic], on_assign=gained, on_revoke=lost)
        consumers[name] = consumer

    def poll():
        for consumer in list(consumers.values()):
            message = consumer.poll(0.02)
            if message is not None and message.error() is None:
                seen.append(f"{message.partition()} {message.value()}")

    def wait(condition):
        def polled():
            poll()
            return condition()

        until(polled, lambda: [held, seen])

    def everywhere(value):
        for partition in range(4):
            write(topic, [f"{strategy} {value}"], partition)

    def mine():
        return [line for line in seen if strategy in line]

    member("one")
    wait(lambda: sorted(map(len, held.values())) == [4])
    member("two")
    wait(lambda: sorted(map(len, held.values())) == [2, 2])
    everywhere("both")
    wait(lambda: len(mine()) == 4)
    consumers.pop("two").close()
    held.pop("two")
    wait(lambda: sorted(map(len, held.values())) == [4])
    everywhere("alone")
    wait(lambda: len(mine()) == 8)
    description = admin.describe_consumer_groups([own(strategy)])[own(strategy)].result(10)
    consumers.pop("one").close()
    return [description.state.name, description.partition_assignor, len(description.members), sorted(mine())]


@step
def a_group_of_two():
    return group_of_two("range")


@step
def a_cooperative_group_of_two():
    return group_of_two("cooperative-sticky")


@step
def committed_offsets():
    [found] = result(admin.list_consumer_group_offsets([ConsumerGroupTopicPartitions(own("range"))])).values()
    return sorted([p.partition, p.offset] for p in found.topic_partitions)


@step
def alter_group_offsets():
    change = ConsumerGroupTopicPartitions(own("range"), [TopicPartition(own("four"), 1, 1)])
    result(admin.alter_consumer_group_offsets([change]))
    [found] = result(admin.list_consumer_group_offsets([ConsumerGroupTopicPartitions(own("range"))])).values()
    return sorted([p.partition, p.offset] for p in found.topic_partitions)


@step
def list_groups():
    groups = admin.list_consumer_groups().result(10).valid
    return sorted([g.group_id, g.state.name, g.type.name] for g in groups if g.group_id.startswith(own("")))


@step
def offsets_by_time():
    topic = own("timed")
    result(admin.create_topics([NewTopic(topic, 1)]))
    producer = Producer(BASE)
    base = int(time.time() * 1000) - 60000
    for i in range(4):
        producer.produce(topic, str(i), timestamp=base + i * 1000)
    producer.flush(20)
    consumer = Consumer({**BASE, "group.id": own("read")})
    times = [-5, 0, 1, 1000, 2500, 9000]
    found = [consumer.offsets_for_times([TopicPartition(topic, 0, base + ms)], 10)[0].offset for ms in times]
    consumer.close()
    ends = [OffsetSpec.earliest(), OffsetSpec.latest(), OffsetSpec.max_timestamp()]
    return [found, [result(admin.list_offsets({TopicPartition(topic, 0): end})).popitem()[1].offset for end in ends]]


@step
def create_partitions():
    result(admin.create_partitions([NewPartitions(own("timed"), 3)]))
    until(lambda: len(admin.list_topics(own("timed"), 10).topics[own("timed")].partitions) == 3)
    return 3


@step
def fewer_partitions():
    result(admin.create_partitions([NewPartitions(own("timed"), 1)]))


@step
def delete_records():
    deleted = result(admin.delete_records([TopicPartition(own("plain"), 0, 900)]))
    read_on = read(own("plain"), 101, 5, **{"auto.offset.reset": "earliest"})
    return [[d.low_watermark for d in deleted.values()], digest([text(m) for m in read_on])]


@step
def delete_groups():
    result(admin.delete_consumer_groups([own("range"), own("cooperative-sticky")]))
    return "gone"


@step
def delete_topics():
    result(admin.delete_topics([own(name) for name in ["plain", "four", "transactions", "timed"]]))
    until(lambda: not any(t.startswith(own("")) for t in admin.list_topics(timeout=10).topics))
    return "gone"


@step
def delete_a_topic_that_is_not_there():
    result(admin.delete_topics([own("plain")]))
