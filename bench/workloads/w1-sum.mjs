import { wordCounts } from '../engines.mjs';
import { race } from '../throughput.mjs';

export default {
  about: "word count with sum('n'): 5 million words, every update comes out",
  ...race(() => wordCounts('sum'), 1.25),
};
