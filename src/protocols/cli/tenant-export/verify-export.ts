// `gatehouse tenant export --verify`: whether an export is as it was written. Every file is hashed again, and the chain of
// the audit in it is followed to its head, without any server.
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import { createInterface } from 'node:readline'
import { z } from 'zod'
import { checkChain } from '../../../features/audit/chain/check-chain.ts'
import { chainHeadOf, Head } from '../../../features/audit/chain/verification.ts'
import { linkedRowOf, ListedRow } from '../../../features/audit/rows/listed-row.ts'
import { fault } from '../../../platform/faults.ts'
import { FORMAT } from './export-tenant.ts'

export interface VerifiedExport {
  readonly ok: boolean
  readonly files: number
  readonly bytes: number
  readonly audit_rows: number
  /** 'changed: documents/…', 'missing: …', 'unknown: …', 'audit: …' */
  readonly findings: readonly string[]
}

const Manifest = z.object({
  format: z.literal(FORMAT),
  version: z.literal(1),
  tenant: z.object({ id: z.uuid() }),
  audit: z.object({ head: Head.nullable(), rows: z.int() }),
  files: z.array(z.object({ path: z.string(), size: z.int(), sha256: z.string() })),
})

export async function verifyExport(folder: string): Promise<VerifiedExport> {
  const manifest = await manifestOf(folder)
  const findings: string[] = []
  const present = new Set(await filesIn(folder))
  let bytes = 0
  for (const { path, size, sha256 } of manifest.files) {
    // Only what lies in the folder is opened, whatever the manifest says.
    if (!present.delete(path)) {
      findings.push(`missing: ${path}`)
      continue
    }
    const found = await hashOf(join(folder, path))
    bytes += found.size
    if (found.size !== size || found.sha256 !== sha256) findings.push(`changed: ${path}`)
  }
  present.delete('manifest.json')
  for (const path of present) findings.push(`unknown: ${path}`)
  const audit = await chainIn(join(folder, 'audit.jsonl'), manifest)
  findings.push(...audit.findings)
  return { ok: findings.length === 0, files: manifest.files.length, bytes, audit_rows: audit.rows, findings }
}

async function manifestOf(folder: string): Promise<z.output<typeof Manifest>> {
  try {
    return Manifest.parse(JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8')))
  } catch (error) {
    throw fault('invalid_input', {
      reason: 'no_manifest',
      say: `${folder} has no manifest of an export that ended.`,
      because: error,
    })
  }
}

async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries
    .filter(entry => !entry.isDirectory())
    .map(entry => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
}

async function hashOf(path: string): Promise<{ size: number; sha256: string }> {
  const hash = createHash('sha256')
  let size = 0
  for await (const bytes of createReadStream(path) as AsyncIterable<Buffer>) {
    hash.update(bytes)
    size += bytes.length
  }
  return { size, sha256: hash.digest('hex') }
}

async function chainIn(path: string, { tenant, audit }: z.output<typeof Manifest>) {
  const check = checkChain()
  try {
    for await (const line of createInterface({
      input: createReadStream(path),
      crlfDelay: Number.POSITIVE_INFINITY,
    }))
      check.page([linkedRowOf(ListedRow.parse(JSON.parse(line)), tenant.id)])
  } catch {
    // A file that is missing or changed is named already; here it is enough that the chain cannot be read.
    return { rows: 0, findings: ['audit: unreadable'] }
  }
  const { rows, findings } = check.end(audit.head === null ? undefined : chainHeadOf(audit.head))
  return { rows, findings: findings.map(({ kind, chained_as }) => `audit: ${kind} at place ${chained_as}`) }
}
