import { wordCounts } from '../engines.mjs';
import { race } from '../throughput.mjs';

export default {
  about: "word count with the user's own reduce: 5 million words, every update comes out",
  ...race(() => wordCounts('reduce'), 1.0),
};
