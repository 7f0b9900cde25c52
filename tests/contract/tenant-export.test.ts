// An export has everything a tenant has, as files: compared with what the server counts, in every table there is. And it
// proves itself: whatever is changed in it afterwards is found.
import { appendFile, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { TenantPrincipal } from '../../src/gate/call.ts'
import { SCOPE_NAMES } from '../../src/gate/scopes.ts'
import {
  EXPORT_SCOPES,
  exportTenant,
  type Manifest,
} from '../../src/protocols/cli/tenant-export/export-tenant.ts'
import { verifyExport } from '../../src/protocols/cli/tenant-export/verify-export.ts'
import { openTestGatehouse, type TestGatehouse } from '../harness/gatehouse.ts'
import { spent } from '../harness/spending.ts'

/** More than one piece of read_original and of upload_blob. */
const FILE = Buffer.from('The quay is lit at dusk.\n'.repeat(50_000))

/** Made from the texts, or how far some work has come: of no use elsewhere. */
const DERIVED = [
  'corpus_language',
  'corpus_stat',
  'document_field',
  'embedding_fill',
  'hidden_version',
  'hold',
  'hold_window',
  'index_version',
  'journal_event',
  'journal_step',
  'journal_stream',
  'pending_embedding',
  'term_stat',
]

let served: TestGatehouse
let work: string
let folder: string
let manifest: Manifest
let tenantId: string
const secrets: string[] = []

const asked = async (
  scopes: readonly string[],
  name: string,
  input: Record<string, unknown>,
): Promise<Record<string, unknown>> => {
  const { gatehouse } = served
  const principal: TenantPrincipal = {
    realm: 'tenant',
    tenantId,
    subject: 'operator',
    scopes: new Set(scopes),
    tokenId: 'test',
    expiresAt: 4_102_444_800,
  }
  const operation = gatehouse.catalog.find(one => one.name === name)
  if (operation === undefined) throw new Error(`no operation ${name}`)
  return gatehouse.run(operation, input, principal, {
    requestId: 'export',
    signal: AbortSignal.timeout(60_000),
  })
}
const ask = (name: string, input: Record<string, unknown> = {}) => asked(SCOPE_NAMES, name, input)
const exportedBy = (scopes: readonly string[], to: string): Promise<Manifest> =>
  exportTenant(to, {
    caller: { run: (name, input) => asked(scopes, name, input) },
    progress: () => undefined,
    signal: AbortSignal.timeout(60_000),
  })

beforeAll(async () => {
  served = await openTestGatehouse()
  work = await mkdtemp(join(tmpdir(), 'gatehouse-export-'))
  folder = join(work, 'export')
  tenantId = await served.createTenant('leaving')
  await fill()
  manifest = await exportedBy(EXPORT_SCOPES, folder)
})
afterAll(async () => {
  await served.close()
  await rm(work, { recursive: true, force: true })
})

async function fill(): Promise<void> {
  await ask('create_user', { id: 'ada', name: 'Ada', role: 'member' })
  await ask('create_group', { name: 'crew' })
  await ask('add_group_member', { group: 'crew', user: 'ada' })
  const key = await ask('create_api_key', { name: 'k', scopes: ['documents:read'] })
  const invited = await ask('invite_user', { email: 'bob@example.com', role: 'reader' })
  secrets.push(String(key['key']).split('_').at(-1) ?? '')
  secrets.push(
    ...Object.values(invited).flatMap(value => (typeof value === 'string' ? value.split('#').slice(1) : [])),
  )
  await ask('add_document', {
    external_id: 'a',
    title: 'Log',
    content: 'First tide 🌊.',
    access: { groups: ['crew'] },
  })
  await ask('add_document', { external_id: 'a', title: 'Log', content: 'Second tide 🌊.' })
  const first = await ask('upload_blob', { data: FILE.subarray(0, 1_000_000).toString('base64') })
  const { blob_id } = await ask('upload_blob', {
    blob_id: first['blob_id'],
    offset: 1_000_000,
    data: FILE.subarray(1_000_000).toString('base64'),
    is_last: true,
  })
  await ask('add_document', { blob_id, name: 'quay.txt', title: 'Quay' })
  await until(async () => JSON.stringify(await ask('list_ingestions')).includes('"state":"done"'))
  await until(async () => Number((await ask('verify_audit'))['rows']) > 0)
  await spent({ database: served.gatehouse.opened.database, tenantId, subject: 'ada' }, 'paid', 100n)
  await until(async () => Number((await ask('verify_ledger'))['rows']) === 1)
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  for (let waitedMs = 0; !(await condition()); waitedMs += 100) {
    if (waitedMs > 30_000) throw new Error('it does not come about')
    await wait(100)
  }
}

const json = async (path: string): Promise<Record<string, unknown>> =>
  JSON.parse(await readFile(join(folder, path), 'utf8')) as Record<string, unknown>
const lines = async (path: string): Promise<Record<string, unknown>[]> =>
  (await readFile(join(folder, path), 'utf8'))
    .split('\n')
    .filter(line => line !== '')
    .map(line => JSON.parse(line) as Record<string, unknown>)
const documents = async (): Promise<Record<string, unknown>[]> =>
  Promise.all((await readdir(join(folder, 'documents'))).map(id => json(`documents/${id}/document.json`)))

describe('everything is in it', () => {
  test('as many as the server counted, of every table; a new table has to be thought of', () => {
    const { rows_at_start: rows, counts } = manifest
    const exported: Record<string, number | undefined> = {
      document: counts['documents'],
      document_version: counts['versions'],
      tenant_user: counts['users'],
      user_group: counts['groups'],
      api_key: counts['api_keys'],
      invitation: counts['invitations'],
      ingestion: counts['ingestions'],
      blob: counts['originals'],
      ledger: counts['ledger'],
      alert_webhook: counts['webhooks'],
      budget_alert: counts['budget_alerts'],
    }
    for (const [table, count] of Object.entries(exported)) expect(count, table).toBe(rows[table])
    // Within others: texts and files of versions, members of groups, lists of documents, the audit as far as it is linked;
    // what a budget has counted, and prices beside those of everybody.
    const within = [
      'budget',
      'budget_window',
      'ledger_head',
      'tenant_price',
      'version_text',
      'blob_part',
      'group_member',
      'access_list',
      'access_entry',
      'audit',
      'audit_head',
    ]
    const derived = Object.keys(rows).filter(table => !(table in exported) && !within.includes(table))
    expect(derived.toSorted()).toStrictEqual(DERIVED)
  })

  test('every version’s text, byte for byte, and who may read it', async () => {
    const log = (await documents()).find(one => one['external_id'] === 'a')!
    expect(log).toMatchObject({ title: 'Log', version: 2, access: { groups: ['crew'] } })
    const [second, first] = log['versions'] as { version: number; text: string }[]
    expect(await readFile(join(folder, first!.text), 'utf8')).toBe('First tide 🌊.')
    expect(await readFile(join(folder, second!.text), 'utf8')).toBe('Second tide 🌊.')
  })

  test('the uploaded file as it was uploaded', async () => {
    const quay = (await documents()).find(one => one['name'] === 'quay.txt')!
    const [version] = quay['versions'] as { file: string }[]
    expect((await readFile(join(folder, version!.file))).equals(FILE)).toBe(true)
  })

  test('budgets, and what was spent', async () => {
    expect(await lines('budgets.jsonl')).toMatchObject([{ scope: 'tenant', spent_nano: '100' }])
    expect(await lines('ledger.jsonl')).toMatchObject([{ user: 'ada', cost_nano: '100', chained_as: 1 }])
  })

  test('people, groups and keys, without any secret', async () => {
    expect(await lines('users.jsonl')).toMatchObject([{ id: 'ada', role: 'member' }])
    expect(await lines('groups.jsonl')).toMatchObject([{ name: 'crew', members: ['ada'] }])
    expect(await lines('invitations.jsonl')).toMatchObject([{ email: 'bob@example.com' }])
    expect(await lines('api_keys.jsonl')).toHaveLength(1)
    expect(secrets.filter(secret => secret.length > 10).length).toBeGreaterThan(0)
    for (const { path } of manifest.files)
      for (const secret of secrets) expect(await readFile(join(folder, path), 'latin1')).not.toContain(secret)
  })

  test('and nobody but its owner can read it', async () => {
    for (const path of ['manifest.json', ...manifest.files.map(file => file.path)])
      expect((await stat(join(folder, path))).mode & 0o777, path).toBe(0o600)
  })
})

test('who may not read every document, or may not export, gets nothing', async () => {
  const to = join(work, 'refused')
  for (const missing of ['documents:read_all', 'tenant:write']) {
    const scopes = EXPORT_SCOPES.filter(scope => scope !== missing)
    await expect(exportedBy(scopes, to)).rejects.toMatchObject({
      code: 'forbidden',
      reason: 'insufficient_scope',
    })
  }
  await expect(stat(to)).rejects.toMatchObject({ code: 'ENOENT' })
})

test('a folder that holds something is refused, and left as it is', async () => {
  const to = join(work, 'full')
  await mkdir(to)
  await writeFile(join(to, 'mine'), 'x')
  await expect(exportedBy(EXPORT_SCOPES, to)).rejects.toMatchObject({ reason: 'folder_not_empty' })
  expect(await readdir(to)).toStrictEqual(['mine'])
})

test('an id that would lead out of the folder is taken for no id', async () => {
  const to = join(work, 'led')
  const run = async (name: string, input: Record<string, unknown>) => {
    const answer = await asked(EXPORT_SCOPES, name, input)
    if (name !== 'list_documents') return answer
    return { documents: [{ document_id: '../../escaped' }] }
  }
  const exporting = exportTenant(to, {
    caller: { run },
    progress: () => undefined,
    signal: AbortSignal.timeout(9_000),
  })
  await expect(exporting).rejects.toMatchObject({ code: 'unavailable' })
  expect(await readdir(work)).not.toContain('escaped')
})

describe('it proves itself', () => {
  test('as it was written', async () => {
    expect(await verifyExport(folder)).toMatchObject({ ok: true, findings: [], files: manifest.files.length })
    expect(manifest.audit).toMatchObject({ verified: true, rows: manifest.counts['audit_rows'] })
  })

  test('a changed, a missing and an unknown file are named', async () => {
    const [first] = manifest.files.filter(({ path }) => path.endsWith('.txt'))
    const path = join(folder, first!.path)
    const before = await readFile(path)
    await appendFile(path, 'x')
    await writeFile(join(folder, 'planted'), 'x')
    await rm(join(folder, 'users.jsonl'))
    const { ok, findings } = await verifyExport(folder)
    expect(ok).toBe(false)
    expect(findings).toStrictEqual(
      [`changed: ${first!.path}`, 'missing: users.jsonl', 'unknown: planted'].toSorted(),
    )
    await writeFile(path, before)
    await rm(join(folder, 'planted'))
  })

  test('without a manifest it is no export that ended', async () => {
    await expect(verifyExport(work)).rejects.toMatchObject({ code: 'invalid_input', reason: 'no_manifest' })
  })
})
