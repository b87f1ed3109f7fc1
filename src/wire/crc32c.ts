export { crc32c } from '../core/crc32c.js';
