// What a new operation takes: one file and its entry in the feature's list; no wire, no schema, no help text is touched.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Deployment } from './deployment.ts'
import { mcpClient } from './mcp-clients.ts'
import type { Section } from './page.ts'
import type { Processes } from './processes.ts'

const FILE = 'src/features/documents/count-documents.ts'
const LIST = 'src/features/documents/operations.ts'
const SOURCE = `// count_documents: how many documents the tenant has.
import { z } from 'zod'
import { defineOperation } from '../../gate/operation.ts'
import { sql } from '../../platform/db/statements.ts'

export function countDocuments() {
  return defineOperation({
    name: 'count_documents',
    title: 'Count the documents',
    description: 'Says how many documents the tenant has.',
    realm: 'tenant',
    access: 'read',
    scope: 'documents:read',
    input: z.strictObject({}),
    output: z.strictObject({ documents: z.int() }),
    async run(_, call) {
      const [[row]] = await call.readBatch([sql<{ n: number }>\`select count(*)::int as n from app.document\`])
      return { documents: row?.n ?? 0 }
    },
  })
}
`

export async function newOperation(
  section: Section,
  gatehouse: Deployment,
  processes: Processes,
): Promise<void> {
  section.say('The file, in the clone:')
  section.block('ts', SOURCE)
  writeFileSync(join(gatehouse.folder, FILE), SOURCE)
  const list = join(gatehouse.folder, LIST)
  const entered = readFileSync(list, 'utf8')
    .replace(/^(import \{ addDocument.*\n)/m, "$1import { countDocuments } from './count-documents.ts'\n")
    .replace(/^( +)listDocuments\(\),\n/m, '$&$1countDocuments(),\n')
  writeFileSync(list, entered)
  const shell = (command: string): Promise<{ output: string }> =>
    processes.run(command, { cwd: gatehouse.folder })
  section.shell(`git diff -U0 ${LIST}`, changedLines((await shell(`git diff -U0 ${LIST}`)).output))
  await shell(`git add --intent-to-add ${FILE}`)
  const stat = (await shell('git diff --stat')).output
  section.shell('git diff --stat', stat)

  const start = performance.now()
  await gatehouse.start('npm start', 60_000)
  section.shell(
    'npm start',
    `a second start: ready after ${((performance.now() - start) / 1000).toFixed(1)} s`,
  )
  const counts: Record<string, unknown> = {}
  let isListed = true
  for (const tenant of ['foldwick', 'penhallow-strake', 'quillon-bay']) {
    const client = await mcpClient(gatehouse.url, await gatehouse.token(tenant))
    isListed &&= (await client.tools()).includes('count_documents')
    counts[tenant] = (await client.call('count_documents', {}))['documents']
    await client.close()
  }
  section.block('json', JSON.stringify(counts))
  section.claim('one new file, and one changed beside it', / 2 files changed/.test(stat))
  section.claim('it is a tool for every caller with its scope', isListed)
  section.claim(
    'it counts the own tenant alone, though its SQL names no tenant: 7, 30 and 23 documents',
    Object.values(counts).join() === '7,30,23',
  )
}

function changedLines(diff: string): string {
  return diff
    .split('\n')
    .filter(line => /^[+-](?![+-])/.test(line))
    .join('\n')
}
