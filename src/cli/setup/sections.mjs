// What `npm test` consists of.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { otherNodes } from './node-versions.mjs';
import { npmCommand } from './packages.mjs';
import { jupyterEnvironment } from './paths.mjs';
import { run } from './processes.mjs';
import { asOne, findChromium, script, show, vitest } from './section-kinds.mjs';

/** @typedef {import('./test-command.mjs').Section} Section */

/**
 * A program of node_modules whose exit code is one check.
 *
 * @param {string} name
 * @param {string} about
 * @param {string} program inside node_modules
 * @param {readonly string[]} args
 * @returns {Section}
 */
function check(name, about, program, args) {
  return {
    name,
    about,
    run: async (at) => asOne(await show(process.execPath, [join(at.modules, program), ...args], at.root)),
  };
}

/** @type {Section} */
const notebooks = {
  name: 'notebooks',
  about: 'every chapter in the real kernel, outputs compared',
  run: (at) => script(at, [...npmCommand().args, 'run', '--silent', 'notebooks'], npmCommand().command),
};

/** @type {Section} */
const chineseNotebooks = {
  name: 'notebooks-zh',
  about: 'every chapter in Chinese, likewise',
  run: (at) =>
    script(at, [...npmCommand().args, 'run', '--silent', 'notebooks', '--', '--lang', 'zh'], npmCommand().command),
};

/** @type {Section} */
const browser = {
  name: 'browser',
  about: 'the notebooks in JupyterLab, in headless Chromium',
  async run(at) {
    const config = 'test/browser/vitest.config.ts';
    if (!existsSync(join(at.root, config))) return { passed: 0, failed: 0, skipped: 'no browser tests here' };
    const chromium = await findChromium();
    if (chromium === undefined) {
      return { passed: 0, failed: 0, skipped: 'no Chromium on this machine (Debian: apt install chromium)' };
    }
    // A browser keeps settings and caches in the home folder unless told of another place.
    const env = {
      ...jupyterEnvironment(at),
      STREAMBOOK_CHROMIUM: chromium,
      XDG_CONFIG_HOME: join(at.state, 'browser', 'config'),
      XDG_CACHE_HOME: join(at.state, 'browser', 'cache'),
    };
    return vitest(at, { config, env });
  },
};

/**
 * @param {readonly number[]} majors
 * @param {readonly string[]} [without] folders of tests that are left out
 * @returns {Section}
 */
const nodes = (majors, without = []) => ({
  name: 'nodes',
  about: `units and one notebook on Node ${majors.join(' and ')}`,
  run: (at) => otherNodes(at, majors, without),
});

/** Tests of what only computes, and asks little of Node: another version sees them in the long form. */
const computing = ['table', 'flink', 'conformance'];

/** @type {Section[]} */
const quick = [
  check('types', 'tsc over sources and tests', 'typescript/bin/tsc', ['-p', 'tsconfig.json', '--pretty', 'false']),
  check('lint', 'biome: lint and format', '@biomejs/biome/bin/biome', ['check', '.']),
  check('imports', 'dependency-cruiser: rooms import downwards only', 'dependency-cruiser/bin/dependency-cruise.mjs', [
    'src',
    '--config',
    '.dependency-cruiser.cjs',
  ]),
  check('unused', 'knip: no file and no package that nothing uses', 'knip/bin/knip.js', [
    '--no-progress',
    '--include',
    'files,dependencies,unlisted,unresolved,duplicates',
  ]),
  { name: 'units', about: 'vitest over test/', run: (at) => vitest(at, {}) },
  {
    name: 'setup',
    about: 'the set-up itself: repairs, ports, messages, Ctrl-C',
    run: (at) => vitest(at, { config: 'test/setup/vitest.config.ts' }),
  },
  {
    name: 'kernel',
    about: 'the kernel through a real Jupyter client',
    run: (at) => vitest(at, { config: 'test/jupyter/vitest.config.ts', env: jupyterEnvironment(at) }),
  },
  notebooks,
  {
    name: 'package',
    about: 'the packed tarball in an empty project',
    run: (at) => vitest(at, { config: 'test/package/vitest.config.ts' }),
  },
  {
    name: 'clients',
    about: 'every kind of Kafka client against the broker, answers compared with the real Kafka',
    run: (at) => vitest(at, { config: 'test/broker/clients/vitest.config.ts' }),
  },
  {
    name: 'faults',
    about: 'processes killed at random moments, hostile bytes: the short form',
    run: (at) => vitest(at, { config: 'test/fault/vitest.config.ts' }),
  },
  browser,
];

/** @type {Section} */
const longFaults = {
  name: 'faults',
  minutes: 240,
  about: 'two hundred kills, ten million hostile frames',
  run: (at) =>
    vitest(at, {
      config: 'test/fault/vitest.config.ts',
      env: { FAULT_KILLS: '200', FAULT_FRAMES: '10000000', ...process.env },
    }),
};

/** @type {Section} */
const flink = {
  name: 'flink',
  about: "a real Flink's Kafka connector against the broker and the real Kafka, its jobs killed and cancelled",
  run: (at) => vitest(at, { config: 'test/broker/flink/vitest.config.ts' }),
};

/** @type {Section} */
const properties = {
  name: 'properties',
  about: 'the units once more, their properties with cases drawn anew',
  run: (at) => vitest(at, { env: { ...process.env, STREAMBOOK_SEED: 'random' } }),
};

/**
 * @param {string} version of Flink
 * @param {string} about
 * @param {number} rows how many are fetched in one go
 * @returns {Section}
 */
const cluster = (version, about, rows) => ({
  name: version === '1.20.3' ? 'cluster' : `cluster-${version[0]}`,
  about,
  async run(at) {
    const java = process.env.JAVA_HOME ? join(process.env.JAVA_HOME, 'bin', 'java') : 'java';
    if ((await run(java, ['-version'])).code !== 0) {
      return {
        passed: 0,
        failed: 0,
        skipped: 'no Java 17 on this machine (Debian: apt install openjdk-17-jre-headless)',
      };
    }
    const env = { ...process.env, STREAMBOOK_TEST_FLINK: version, STREAMBOOK_MANY_ROWS: String(rows) };
    const count = await vitest(at, { config: 'test/cluster/vitest.config.ts', env });
    const none = count.passed === 0 && count.failed === 0;
    return none ? { ...count, skipped: 'a real Flink cannot be had here: see above' } : count;
  },
});
const onFlink = 'table programs on a real Flink 1.20 and a real Kafka, faults among them';
const flink1 = cluster('1.20.3', onFlink, 200_000);
const longFlink1 = cluster('1.20.3', onFlink, 1_000_000);
const flink2 = cluster('2.2.0', 'the same on Flink 2.2', 1_000_000);

/** `npm test`. On CI also what a contributor's machine need not repeat. @type {Section[]} */
export const sections = process.env.CI === undefined ? quick : [...quick, nodes([26], computing), flink1];

/** `npm run test:long`. @type {Section[]} */
export const longSections = [nodes([24, 26]), properties, chineseNotebooks, longFaults, flink, longFlink1, flink2];
