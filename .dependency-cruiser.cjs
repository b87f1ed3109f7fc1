// The direction of imports, as the design has it: a room imports from the rooms below it, never from beside or above.
const floors = [
  ['core'],
  ['wire', 'engine', 'formats'],
  ['kafka', 'broker'],
  ['connectors'],
  ['datastream'],
  ['table'],
  ['flink', 'frames', 'display'],
  ['kernel', 'lessons'],
  ['cli'],
];

/** Packages with one room each, loaded lazily there: importing streambook must stay quick. */
const homes = {
  kafkajs: 'kafka',
  'vega[^/]*': 'display',
  arquero: 'frames',
  'danfojs[^/]*': 'frames',
  tslab: 'kernel',
};

const rooms = floors.flat();
const upwards = floors.flatMap((floor, height) => {
  const below = floors.slice(0, height).flat();
  return floor.map((room) => {
    const allowed = [room, ...below];
    return {
      name: `imports-of-${room}`,
      comment: `src/${room} may import from ${below.length === 0 ? 'nowhere else in src' : below.join(', ')}`,
      severity: 'error',
      from: { path: `^src/${room}/` },
      to: { path: '^src/', pathNot: `^src/(${allowed.join('|')})/` },
    };
  });
});

const onlyAtHome = Object.entries(homes).map(([pkg, room]) => ({
  name: `${pkg.replace(/\W/g, '')}-only-in-${room}`,
  comment: `${pkg} is imported in src/${room} alone`,
  severity: 'error',
  from: { path: '^src/', pathNot: `^src/${room}/` },
  to: { path: `(^|/)node_modules/${pkg}/|^${pkg}$` },
}));

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    ...upwards,
    ...onlyAtHome,
    {
      name: 'no-cycles',
      comment: 'a circle of imports has no order in which it can be read',
      severity: 'error',
      from: { path: '^src/' },
      // A type alone is gone at run time; two files may know each other's types.
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'front-door-imports-rooms',
      comment: 'src/index.ts re-exports what the rooms offer, and the command line is no part of it',
      severity: 'error',
      from: { path: '^src/index\\.ts$' },
      to: { path: '^src/', pathNot: `^src/(${rooms.filter((room) => room !== 'cli').join('|')})/` },
    },
    {
      name: 'known-rooms',
      comment: `the rooms are ${rooms.join(', ')}`,
      severity: 'error',
      from: { path: '^src/[^/]+/', pathNot: `^src/(${rooms.join('|')})/` },
      to: {},
    },
    {
      name: 'setup-stands-alone',
      comment: 'src/cli/setup runs before anything is installed; browser.mjs and bundle.mjs are loaded after that',
      severity: 'error',
      from: { path: '^src/cli/setup/', pathNot: '^src/cli/setup/(browser|bundle)\\.mjs$' },
      to: { pathNot: '^src/cli/setup/', dependencyTypesNot: ['core'] },
    },
    {
      name: 'resolvable',
      comment: 'an import that leads nowhere',
      severity: 'error',
      from: { path: '^src/' },
      to: { couldNotResolve: true },
    },
    {
      name: 'runtime-dependencies',
      comment: 'the library uses what its users get: dependencies and optional peers, not development packages',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(cli/setup|kernel/client)/' },
      to: {
        dependencyTypes: ['npm-dev'],
        dependencyTypesNot: ['npm-peer', 'npm-optional', 'type-only'],
      },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
