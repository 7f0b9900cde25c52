// Each rule about the shape of src/ is broken on purpose in a copy of it: a check that cannot fail protects nothing.
// That the real src/ keeps the rules is the first test; `npm run check` asks the same.
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import extractDepcruiseOptions from 'dependency-cruiser/config-utl/extract-depcruise-options'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { checkLayers, unseenFiles } from '../../scripts/check/layers.ts'
import { checkSources, type SOURCE_RULES } from '../../scripts/check/source-rules.ts'

const root = join(import.meta.dirname, '../..')

/** Path → text. The first file of a plant is the offender. */
type Plant = Record<string, string>

const operation = `export const plant = () => defineOperation({})`

const LAYER_PLANTS: Record<string, Plant> = {
  'proofs-imports-no-band-above': { 'src/proofs/up.ts': `import '../main.ts'`, 'src/main.ts': '' },
  'protocols-imports-no-band-above': { 'src/protocols/up.ts': `import '../proofs/up.ts'` },
  'features-imports-no-band-above': { 'src/features/p/up.ts': `import '../../protocols/up.ts'` },
  'gate-imports-no-band-above': { 'src/gate/up.ts': `import '../features/p/up.ts'` },
  'platform-imports-no-band-above': { 'src/platform/up.ts': `import '../gate/up.ts'` },
  'nothing-imports-main': { 'src/roles.ts': `import './main.ts'` },
  'catalog-knows-only-operations': { 'src/features/catalog.ts': `import './p/up.ts'` },
  'features-do-not-know-the-catalog': { 'src/features/p/all.ts': `import '../catalog.ts'` },
  'no-cycle': {
    'src/gate/chicken.ts': `import type { Egg } from './egg.ts'\nexport type Chicken = Egg`,
    'src/gate/egg.ts': `import type { Chicken } from './chicken.ts'\nexport type Egg = Chicken`,
  },
  'only-db-talks-to-postgres': { 'src/gate/rows.ts': `import pg from 'pg'` },
  'only-jobs-talks-to-pg-boss': { 'src/platform/db/queue.ts': `import { PgBoss } from 'pg-boss'` },
  'only-mcp-talks-to-the-mcp-sdk': {
    'src/protocols/a2a/tools.ts': `import type { McpServer } from '@modelcontextprotocol/server'`,
  },
  'only-a2a-talks-to-the-a2a-sdk': { 'src/protocols/mcp/agent.ts': `import { A } from '@a2a-js/sdk/server'` },
  'only-gate-and-identity-talk-to-jose': { 'src/protocols/http/token.ts': `import 'jose'` },
  'only-http-runs-fastify': { 'src/protocols/mcp/server.ts': `import { fastify } from 'fastify'` },
  'only-protocols-know-fastify': { 'src/gate/request.ts': `import type { A } from 'fastify'` },
  'src-stands-alone': { 'src/gate/borrowed.ts': `import '../../tests/borrowed.ts'`, 'tests/borrowed.ts': '' },
  'client-stands-alone': { 'src/protocols/client/server-side.ts': `import '../../platform/faults.ts'` },
  'src-needs-no-dev-package': { 'src/gate/random.ts': `import 'fast-check'` },
  'src-imports-declared-packages': { 'src/gate/phantom.ts': `import 'avvio'` },
  'every-import-resolves': { 'src/gate/lost.ts': `import './nowhere.ts'` },
  'features-meet-at-operations': {
    'src/features/p/reads-rules.ts': `import '../q/rules.ts'`,
    'src/features/q/rules.ts': '',
  },
}

const longText = (lines: number) => Array.from({ length: lines }, (_, index) => `// ${index}`).join('\n')
const query = (lines: number) => `select a\n${'  , b\n'.repeat(lines - 2)}from c`

/** Every rule of SOURCE_RULES, or this does not compile. */
const SOURCE_PLANTS: Record<keyof typeof SOURCE_RULES, Plant> = {
  'every file belongs to a band (src/*.ts builds; proofs, protocols, features, gate, platform)': {
    'src/Stray.js.ts': '',
    'src/core/stray.ts': '',
  },
  'process.env is read in platform/config.ts only, and `process` is used as process.<name>': {
    'src/gate/env-1.ts': `export const a = process.env.SECRET`,
    'src/gate/env-2.ts': `export const a = process['env']`,
    'src/gate/env-3.ts': `const { env } = process`,
    'src/gate/env-4.ts': `import { env } from 'node:process'`,
    'src/gate/env-5.ts': `export const a = globalThis.process`,
  },
  'network goes through platform/outbound only': {
    'src/gate/net-1.ts': `await fetch('https://example.org')`,
    'src/gate/net-2.ts': `export const send = globalThis.fetch`,
    'src/gate/net-3.ts': `import { request } from 'node:https'`,
    'src/gate/net-4.ts': `const net = await import('node:net')`,
    'src/gate/net-5.ts': `import { Agent } from 'undici'`,
    'src/gate/net-10.ts': `import 'node:https'`,
    'src/protocols/http/net-6.ts': `await fetch('https://example.org')`,
    'src/protocols/client/net-9.ts': `import { request } from 'node:https'`,
    'src/protocols/cli/net-7.ts': `new WebSocket('wss://example.org')`,
    'src/platform/outbound-net-8.ts': `await fetch('https://example.org')`,
  },
  'a file has at most 400 lines': { 'src/gate/long.ts': longText(401) },
  'files and folders are kebab-case': {
    'src/gate/camelCase.ts': '',
    'src/gate/snake_case.sql': '',
    'src/gate/Folder/fine.ts': '',
  },
  'a name says what is inside (no utils, helpers, common, manager, service, base, types.ts)': {
    'src/gate/string-utils.ts': '',
    'src/gate/helpers/fine.ts': '',
    'src/gate/types.ts': '',
    'src/gate/token-manager.test.ts': '',
  },
  'nothing is left for later (no TODO or FIXME)': {
    'src/gate/later-1.ts': `// ${'TO'}DO: mend`,
    'src/gate/later-2.sql': `-- ${'FIX'}ME`,
  },
  'exports have names (no default export)': {
    'src/gate/default-1.ts': `export default function plant() {}`,
    'src/gate/default-2.ts': `export default { a: 1 }`,
  },
  'no barrels: a file does not hand on what others wrote': {
    'src/gate/barrel-1.ts': `export * from './long.ts'`,
    'src/gate/barrel-2.ts': `export { a } from './long.ts'`,
    'src/gate/barrel-3.ts': `export type { A } from './long.ts'`,
  },
  'a folder has at most 12 files (tests and SQL apart)': {
    'src/gate/full': '',
    ...Object.fromEntries(Array.from({ length: 13 }, (_, index) => [`src/gate/full/file-${index}.ts`, ''])),
  },
  'SQL over three lines stands in a .sql file (over ten in an sql`…` tag), outside platform/db': {
    'src/gate/sql-1.ts': `export const a = \`${query(4)}\``,
    'src/gate/sql-2.ts': `export const a = sql\`${query(11)}\``,
    'src/gate/sql-3.ts': `export const a = \`${query(4).toUpperCase()}\``,
    'src/gate/sql-4.ts': `export const a = ${JSON.stringify(query(4))}`,
  },
  'SQL is never put together from strings: values are bound by the sql`…` tag': {
    'src/gate/glue-1.ts': `export const a = (id: string) => \`select * from t where id = \${id}\``,
    'src/gate/glue-2.ts': `export const a = (id: string) => 'delete from t where id = ' + id`,
    'src/gate/glue-3.ts': `export const a = (name: string) => \`select * from \${name}\``,
  },
  'a .sql file is read by its neighbours only': {
    'src/features/p/foreign-sql.ts': `siblingText(import.meta.url, '../q/find.sql')`,
  },
}

/** What looks like a violation and is none. */
const INNOCENT: Plant = {
  'src/features/q/operations.ts': `import { plant } from './find.ts'\nexport const operations = [plant]`,
  'src/features/q/find.ts': operation,
  'src/features/q/unlisted.ts': operation,
  'src/features/p/reads-operation.ts': `import { plant } from '../q/find.ts'\nexport const a = plant`,
  'src/protocols/mcp/fine.ts': `import type { FastifyInstance } from 'fastify'\nexport type A = FastifyInstance`,
  'src/gate/fine.test.ts': `import '../../tests/borrowed.ts'\nimport 'fast-check'\nprocess.env.PATH`,
  'src/gate/fine.ts': [
    `import { isIP } from 'node:net'`,
    `import type { IncomingMessage } from 'node:http'`,
    `export const a = (fetch: () => void, client: { fetch(): void }) => { fetch(); client.fetch() }`,
    `export type F = typeof fetch`,
    `export const b = process.pid + isIP('::')`,
    `export const prompt = (n: number) => \`Select passages\\nfrom the text\\nbelow,\\nat most \${n}\``,
    `export const c = sql\`select * from t where id = \${b}\``,
    `export const d = siblingText(import.meta.url, './find.sql')`,
    `export { a as e }`,
  ].join('\n'),
  'src/platform/outbound.ts': `await fetch('https://example.org')`,
  'src/protocols/http/fine.ts': `import { createServer } from 'node:http'`,
}

/** A copy of src/ with plants in it; packages resolve as in the original. */
function plantedCopy(plants: readonly Plant[]): string {
  const copy = mkdtempSync(join(tmpdir(), 'gatehouse-layers-'))
  cpSync(join(root, 'src'), join(copy, 'src'), { recursive: true })
  cpSync(join(root, 'package.json'), join(copy, 'package.json'))
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'))
  for (const [path, text] of plants.flatMap(plant => Object.entries(plant))) {
    if (!/\.\w+$/.test(path)) continue
    mkdirSync(dirname(join(copy, path)), { recursive: true })
    writeFileSync(join(copy, path), text)
  }
  return copy
}

test('src keeps its layers, and every file of it was seen', async () => {
  const { faults, modulesSeen } = await checkLayers(root)
  expect(faults).toEqual([])
  expect(modulesSeen).toBeGreaterThan(0)
})

test('src keeps the rules that an import graph cannot say', () => {
  expect(checkSources(root)).toEqual([])
})

describe('a violation planted in a copy of src is found', () => {
  let copy = ''
  let found: readonly string[] = []
  beforeAll(async () => {
    copy = plantedCopy([...Object.values(LAYER_PLANTS), ...Object.values(SOURCE_PLANTS), INNOCENT])
    found = [...(await checkLayers(copy)).faults, ...checkSources(copy)]
  })
  afterAll(() => rmSync(copy, { recursive: true }))

  test.each(Object.entries(LAYER_PLANTS))('%s', (rule, plant) => {
    const [offender = ''] = Object.keys(plant)
    expect(found.join('\n')).toContain(`${rule}: ${offender} → `)
  })

  test.each([
    ['import of a value', `import { a } from '../features/p/up.ts'`],
    ['import of a type', `import type { A } from '../features/p/up.ts'`],
    ['import at run time', `export const a = async () => { await import('../features/p/up.ts') }`],
    ['export from', `export { a } from '../features/p/up.ts'`],
  ])('however it is written: %s', async (_, text) => {
    writeFileSync(join(copy, 'src/gate/form.ts'), text)
    const { faults } = await checkLayers(copy)
    expect(faults.join('\n')).toContain('gate-imports-no-band-above: src/gate/form.ts → src/features/p/up.ts')
  })

  test('an operation that its operations.ts does not list is not for other features', async () => {
    writeFileSync(join(copy, 'src/features/p/form.ts'), `import '../q/unlisted.ts'`)
    const { faults } = await checkLayers(copy)
    expect(faults.join('\n')).toContain('features-meet-at-operations: src/features/p/form.ts → ')
  })

  test('a file that the cruiser did not see is a fault', () => {
    expect(unseenFiles(copy, [])).toContain(
      'every-file-is-seen: src/gate/up.ts. The cruiser did not read it.',
    )
  })

  test.each(Object.entries(SOURCE_PLANTS))('%s', (rule, plant) => {
    const offenders = rule.startsWith('a folder') ? ['src/gate/full'] : Object.keys(plant)
    for (const path of offenders) {
      expect(found.filter(fault => fault.startsWith(path) && fault.endsWith(rule))).not.toEqual([])
    }
  })

  test('what only looks like a violation is left in peace', () => {
    const accused = found.filter(fault => Object.keys(INNOCENT).some(path => fault.includes(path)))
    expect(accused).toEqual([])
  })
})

test('every rule of .dependency-cruiser.mjs has a plant and a comment that teaches', async () => {
  const { ruleSet } = await extractDepcruiseOptions(join(root, '.dependency-cruiser.mjs'))
  const rules = ruleSet?.forbidden ?? []
  expect(Object.keys(LAYER_PLANTS)).toEqual(expect.arrayContaining(rules.map(({ name }) => name)))
  expect(rules.filter(({ comment }) => (comment ?? '').length < 40)).toEqual([])
})
