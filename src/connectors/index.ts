export { type Collection, collectionSource } from './collection.js';
export { CollectOperator, CollectQueue } from './collectSink.js';
export { LineDecoder } from './file/lines.js';
export { type FilePaths, filesOf } from './file/paths.js';
export { RowFileDecoder } from './file/rows.js';
export { type DecoderFactory, type FileDecoder, fileSource } from './file/source.js';
export { type KafkaSourceOptions, kafkaSource } from './kafka/source.js';
export { PrintOperator, printed } from './print.js';
export { sequenceSource } from './sequence.js';
