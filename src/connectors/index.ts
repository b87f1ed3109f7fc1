export { type Collection, collectionSource } from './collection.js';
export { CollectOperator, CollectQueue } from './collectSink.js';
export { KafkaElement } from './kafka/element.js';
export { type KafkaSourceOptions, kafkaSource } from './kafka/source.js';
export { PrintOperator, printed } from './print.js';
export { sequenceSource } from './sequence.js';
