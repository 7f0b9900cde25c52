// `gatehouse tenant export`: everything a tenant has, as files, by ordinary operations; the manifest names and hashes them.
import type { TenantCaller } from '../acting-in.ts'
import { exportAudit, type ExportTrailer } from '../audit-command/export-audit.ts'
import { auditedVia } from '../audit-command/audited.ts'
import { exportDocuments } from './export-documents.ts'
import { exportFolder, type ExportedFile } from './export-folder.ts'
import type { Exporting } from './exporting.ts'
import { exportLists } from './export-lists.ts'

/** What the token of an export allows: it reads what there is, and changes nothing. */
export const EXPORT_SCOPES = [
  'documents:read',
  'documents:read_all',
  // Asked for by get_document_access: who may read a document is told to those who could change it.
  'documents:write',
  'users:read',
  // Asked for by list_api_keys.
  'keys:write',
  'audit:read',
  'costs:read',
  'tenant:write',
]

export const FORMAT = 'gatehouse-tenant-export'

export interface Manifest {
  readonly format: typeof FORMAT
  readonly version: 1
  readonly tenant: Readonly<Record<string, unknown>>
  readonly started_at: string
  readonly finished_at: string
  readonly counts: Readonly<Record<string, number>>
  /** Rows by table as the server counted them at the beginning. */
  readonly rows_at_start: Readonly<Record<string, number>>
  /** Documents that were deleted while the export ran. */
  readonly vanished: readonly string[]
  readonly audit: ExportTrailer
  readonly files: readonly ExportedFile[]
}

export interface ExportDeps {
  readonly caller: Pick<TenantCaller, 'run'>
  readonly progress: (line: string) => void
  readonly signal: AbortSignal
}

/** Writes everything into `to`, the manifest last: a folder without one is of an export that did not end. */
export async function exportTenant(to: string, { caller, progress, signal }: ExportDeps): Promise<Manifest> {
  const started_at = new Date().toISOString()
  const begun = await caller.run('export_tenant', {}, signal)
  const folder = await exportFolder(to)
  const exporting: Exporting = { caller, folder, progress, signal }
  const tenant = begun['tenant'] as Manifest['tenant']
  const described = await folder.create('tenant.json')
  await described.write(`${JSON.stringify(tenant, null, 2)}\n`)
  await described.close()
  const { vanished, ...documents } = await exportDocuments(exporting)
  const lists = await exportLists(exporting)
  const audit = await auditOf(exporting)
  const manifest: Manifest = {
    format: FORMAT,
    version: 1,
    tenant,
    started_at,
    finished_at: new Date().toISOString(),
    counts: { ...documents, ...lists, audit_rows: audit.rows },
    rows_at_start: begun['rows'] as Record<string, number>,
    vanished,
    audit,
    files: [...folder.files],
  }
  const file = await folder.create('manifest.json')
  await file.write(`${JSON.stringify(manifest, null, 2)}\n`)
  await file.close()
  return manifest
}

async function auditOf({ caller, folder, progress }: Exporting): Promise<ExportTrailer> {
  const file = await folder.create('audit.jsonl')
  try {
    const trailer = await exportAudit(auditedVia(caller.run), 'jsonl', text => file.write(text))
    progress(`audit: ${trailer.rows} rows`)
    return trailer
  } finally {
    await file.close()
  }
}
