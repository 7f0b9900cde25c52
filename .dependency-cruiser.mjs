// Who may import whom. A band imports only bands to its right:
//   main (src/*.ts) → proofs → protocols → features → gate → platform
// scripts/check/layers.ts runs these rules; what an import graph cannot say stands in scripts/check/source-rules.ts.

const BANDS = ['[^/]+\\.ts$', 'proofs/', 'protocols/', 'features/', 'gate/', 'platform/']

const WHY_NOT_UP = {
  'proofs/':
    'A proof examines a living system from outside; only main.ts builds one. Take what you need as an argument.',
  'protocols/':
    'A protocol translates a wire and decides nothing. Whoever needs both a proof and a wire is main.ts.',
  'features/':
    'A feature does not know over which wire it was asked: throw a Fault, and let each protocol name it.',
  'gate/':
    'The gate stands below the features, so that an agent step can go down through it. Let the operation be passed in.',
  'platform/':
    'The platform is the ground and knows no product word. If it needs one, the code belongs to a band above.',
}

// One rule per band: its name tells which band reached up.
const noBandImportsUp = BANDS.slice(1).map((band, index) => ({
  name: `${band.slice(0, -1)}-imports-no-band-above`,
  comment: WHY_NOT_UP[band],
  severity: 'error',
  from: { path: `^src/${band}` },
  to: { path: `^src/(?:${BANDS.slice(0, index + 1).join('|')})` },
}))

// [rule, packages, the only home of these packages, what to do instead]
const ONE_HOME = [
  [
    'only-db-talks-to-postgres',
    'pg|pg-cursor|pg-native|@electric-sql/[^/]+|kysely',
    'src/platform/db/',
    'The tenant enters the database in one place. Use the functions and the `sql` tag of platform/db.',
  ],
  [
    'only-jobs-talks-to-pg-boss',
    'pg-boss',
    'src/platform/jobs/',
    'The queue is reached through platform/jobs, so that payloads stay ids and claims stay fenced.',
  ],
  [
    'only-mcp-talks-to-the-mcp-sdk',
    '@modelcontextprotocol/[^/]+',
    'src/protocols/mcp/',
    'MCP is one wire among several: what others need is an operation, not a tool.',
  ],
  [
    'only-a2a-talks-to-the-a2a-sdk',
    '@a2a-js/[^/]+',
    'src/protocols/a2a/',
    'A2A is one wire among several: what others need is an operation, not a skill.',
  ],
  [
    'only-gate-and-identity-talk-to-jose',
    'jose',
    'src/(?:gate|features/identity)/',
    'Who calls is decided in gate/authenticate and keys are made in features/identity; nobody else reads a token.',
  ],
]

const packagesStayHome = ONE_HOME.map(([name, packages, home, comment]) => ({
  name,
  comment,
  severity: 'error',
  from: { path: '^src/', pathNot: `^${home}` },
  to: { path: `(?:^|node_modules/)(?:@types/)?(?:${packages})(?:/|$)`, pathNot: '^src/' },
}))

const FASTIFY = '(?:^|node_modules/)(?:fastify|@fastify/[^/]+)(?:/|$)'

export default {
  forbidden: [
    ...noBandImportsUp,
    {
      name: 'nothing-imports-main',
      comment: 'main.ts is where a process begins; what others share has a file of its own.',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^src/main\\.ts$' },
    },
    {
      name: 'catalog-knows-only-operations',
      comment: 'catalog.ts lists operations: from a feature it takes operations.ts and nothing else.',
      severity: 'error',
      from: { path: '^src/features/catalog\\.ts$' },
      to: { path: '^src/features/', pathNot: '^src/features/[^/]+/operations\\.ts$' },
    },
    {
      name: 'features-do-not-know-the-catalog',
      comment:
        'Only catalog.ts knows every feature. A feature that needs another imports that one operation.',
      severity: 'error',
      from: { path: '^src/features/[^/]+/' },
      to: { path: '^src/features/[^/]+\\.ts$' },
    },
    {
      name: 'no-cycle',
      comment:
        'Two files in a circle are one file in disguise, type-only edges too. Move what both need below them.',
      severity: 'error',
      from: { path: '^src/' },
      to: { circular: true },
    },
    ...packagesStayHome,
    {
      name: 'only-http-runs-fastify',
      comment:
        'One server, in protocols/http. Other protocols receive its instance and may import its types.',
      severity: 'error',
      from: { path: '^src/protocols/', pathNot: '^src/protocols/http/' },
      to: { path: FASTIFY, pathNot: '^src/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'only-protocols-know-fastify',
      comment: 'Below the protocols nobody knows that a call came over HTTP, not even as a type.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/protocols/' },
      to: { path: FASTIFY, pathNot: '^src/' },
    },
    {
      name: 'src-stands-alone',
      comment:
        'src is what ships: it takes nothing from tests, scripts, bench or web. A unit test beside its file may use tests/.',
      severity: 'error',
      from: { path: '^src/', pathNot: '\\.test\\.ts$' },
      to: { path: '^(?:tests|scripts|bench|web)/|^src/.*\\.test\\.ts$' },
    },
    {
      name: 'client-stands-alone',
      comment:
        'protocols/client runs in other programs and in pages: it takes nothing of the server, and no package.',
      severity: 'error',
      from: { path: '^src/protocols/client/', pathNot: '\\.test\\.ts$' },
      to: { pathNot: '^src/protocols/client/' },
    },
    {
      name: 'src-needs-no-dev-package',
      comment: 'A production install has no devDependencies: the import would fail there and only there.',
      severity: 'error',
      from: { path: '^src/', pathNot: '\\.test\\.ts$' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'src-imports-declared-packages',
      comment: 'It is there because another package brought it, and leaves with it: name it in package.json.',
      severity: 'error',
      from: { path: '^src/' },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'every-import-resolves',
      comment: 'An import that resolves to nothing escapes every other rule here. Path aliases are not used.',
      severity: 'error',
      from: { path: '^src/' },
      to: { couldNotResolve: true },
    },
  ],
  options: {
    // dependency-cruiser cannot load TypeScript 7: without swc it finds no module and exits 0, and its other
    // parsers do not tell type-only imports apart.
    parser: 'swc',
    doNotFollow: { path: '(?:^|/)node_modules/|^(?:tests|scripts|bench|web)/' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
}
