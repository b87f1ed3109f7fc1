export { checkSerialisable, NotSerialisableError } from './check.js';
export { ClassVersionError, type SerialisableOptions, serialisable } from './classes.js';
export { DamagedValueError, deserialise, ValueReader } from './reader.js';
export { SERIALISER_VERSION } from './tags.js';
export { serialise, ValueWriter } from './writer.js';
