// What npm, pip, uv and the system say when something is missing, turned into a sentence and what to do.
import { SetupError, tail } from './say.mjs';

/** @type {{ signs: RegExp, sentence: (who: string) => string, hint: string }[]} */
const known = [
  {
    signs: /ENOSPC|EDQUOT|No space left on device|Errno 28\b|not enough space on the disk|os error 28\b/i,
    sentence: () => 'The disk is full.',
    hint: 'streambook needs about 2 GB with all its packages. Make room, then run the same command again: it goes on where it stopped.',
  },
  {
    signs:
      /SELF_SIGNED_CERT|UNABLE_TO_GET_ISSUER_CERT|UNABLE_TO_VERIFY_LEAF|CERTIFICATE_VERIFY_FAILED|invalid peer certificate/i,
    sentence: (who) => `${who} does not trust the certificate of the package registry.`,
    hint: 'Behind a proxy with a certificate of its own, name that certificate: NODE_EXTRA_CA_CERTS for npm, PIP_CERT for pip, SSL_CERT_FILE for uv. Then run the same command again.',
  },
  {
    signs:
      /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET_TIMEOUT|network (?:timeout|request)|Temporary failure in name resolution|Name or service not known|nodename nor servname|getaddrinfo failed|Failed to establish a new connection|Could not connect|dns error|error sending request|Connection refused|Read timed out|ConnectTimeout|Cannot connect to proxy/i,
    sentence: (who) => `${who} could not reach its package registry.`,
    hint: 'The first set-up needs the network once. Check the connection; behind a proxy or with a mirror, set it as usual (npm: `npm config set proxy` or `registry`; pip: PIP_PROXY, PIP_INDEX_URL). Then run the same command again.',
  },
  {
    signs: /\bE(?:401|403)\b|401 Unauthorized|403 Forbidden|ENEEDAUTH|407 Proxy Authentication/i,
    sentence: (who) => `The package registry refused ${who}.`,
    hint: 'Check the mirror or proxy you have set for it (and its sign-in), then run the same command again.',
  },
  {
    signs: /\bE404\b|No matching distribution found|was not found in the package registry/i,
    sentence: (who) => `${who} did not find a package in its registry.`,
    hint: 'If you use a mirror, it may lag behind: try the public registry. Otherwise check the connection, then run the same command again.',
  },
  {
    signs: /EACCES|EPERM|EROFS|Permission denied|Access is denied|Read-only file system/i,
    sentence: (who) => `${who} may not write where it has to.`,
    hint: 'The project folder must belong to you, and on Windows no editor or virus scanner may hold its files. Then run the same command again (not as administrator or root).',
  },
];

/**
 * @param {string} who the program as the reader knows it: `npm`
 * @param {string} output what it said
 * @param {{ sentence: string, hint: string }} otherwise when nothing is recognised
 */
export function troubleWith(who, output, otherwise) {
  const detail = gist(output);
  for (const { signs, sentence, hint } of known) {
    if (signs.test(output)) return new SetupError(sentence(who), hint, detail);
  }
  return new SetupError(otherwise.sentence, otherwise.hint, detail);
}

/**
 * What the system refused us ourselves, in the same words.
 *
 * @param {unknown} error
 * @returns {unknown} a `SetupError`, or `error` when it is something else
 */
export function inWords(error) {
  if (error instanceof SetupError || !(error instanceof Error)) return error;
  const code = /** @type {NodeJS.ErrnoException} */ (error).code ?? '';
  if (!['ENOSPC', 'EDQUOT', 'EACCES', 'EPERM', 'EROFS'].includes(code)) return error;
  return troubleWith('streambook', error.message, { sentence: error.message, hint: 'Run the same command again.' });
}

/**
 * The lines that say why: npm and pip mark theirs, and surround them with much else.
 *
 * @param {string} output
 */
function gist(output) {
  const marked = output
    .split(/\r?\n/)
    .filter(
      (line) => /^(?:npm (?:error|ERR!) +\S|ERROR: |error: |\s+Caused by: )/.test(line) && !/^npm \S+ +at /.test(line),
    );
  const lines = marked.length === 0 ? tail(output, 10).split('\n') : marked.slice(0, 8);
  return lines.map((line) => (line.length > 200 ? `${line.slice(0, 199)}…` : line)).join('\n');
}
