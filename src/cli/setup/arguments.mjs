import { SetupError } from './say.mjs';

export const startUsage = `npm start [-- OPTIONS]

Sets up what is missing, starts the embedded Kafka broker and JupyterLab, and opens the notebooks. Ctrl-C stops both.

  --no-open   print the address, do not open the browser
  --port N    JupyterLab's port (otherwise 8888, or the next free one)
  --check     set up, start on free ports, prove that server, kernel and broker work, stop; exit 0, or 1 if not
  --reset     empty .streambook/ first (topics, offsets, logs, notebook settings), then go on
  --slides    present the notebooks as slides (jupyterlab-rise; installed at the first time)
  --help      this text

STREAMBOOK_BROKERS=host:port uses that Kafka in place of the embedded broker.`;

/**
 * @typedef {object} StartOptions
 * @property {boolean} open
 * @property {number | undefined} port
 * @property {boolean} check
 * @property {boolean} reset
 * @property {boolean} slides
 * @property {boolean} help
 */

/**
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} [env] npm leaves there what was written before the \`--\`
 * @returns {StartOptions}
 */
export function parseStartArguments(args, env = process.env) {
  for (const name of ['check', 'reset', 'port', 'slides']) {
    if (env[`npm_config_${name}`] !== undefined && !args.some((arg) => arg.startsWith(`--${name}`))) {
      throw new SetupError(
        `npm took \`--${name}\` for an option of its own.`,
        `Options of \`npm start\` stand after two dashes: npm start -- --${name}`,
      );
    }
  }
  /** @type {StartOptions} */
  const options = {
    open: env.npm_config_open !== '',
    port: undefined,
    check: false,
    reset: false,
    slides: false,
    help: false,
  };
  for (let i = 0; i < args.length; i++) {
    const [name, inline] = (args[i] ?? '').split(/=(.*)/s, 2);
    if (name === '--port') options.port = portNumber(inline ?? args[++i]);
    else if (inline !== undefined) throw unknown(args[i] ?? '');
    else if (name === '--no-open') options.open = false;
    else if (name === '--check') options.check = true;
    else if (name === '--reset') options.reset = true;
    else if (name === '--slides') options.slides = true;
    else if (name === '--help' || name === '-h') options.help = true;
    else throw unknown(args[i] ?? '');
  }
  if (options.check && options.port !== undefined) {
    throw new SetupError('`--check` looks for free ports itself.', 'Leave out `--port`, or leave out `--check`.');
  }
  return options;
}

/** @param {string | undefined} text */
function portNumber(text) {
  const port = Number(text);
  if (text !== undefined && /^\d+$/.test(text) && port >= 1 && port <= 65_535) return port;
  throw new SetupError(
    text === undefined ? '`--port` needs a number.' : `\`--port ${text}\`: a port is a number from 1 to 65535.`,
    'For example: npm start -- --port 8890',
  );
}

/** @param {string} arg */
function unknown(arg) {
  return new SetupError(
    `\`npm start\` has no option \`${arg}\`.`,
    'It has --no-open, --port N, --check, --reset, --slides and --help: npm start -- --help',
  );
}
