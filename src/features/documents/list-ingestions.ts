// list_ingestions: files on their way in, newest first, and how each stands.
import { z } from 'zod'
import type { TenantPrincipal } from '../../gate/call.ts'
import { defineOperation } from '../../gate/operation.ts'
import { sql } from '../../platform/db/statements.ts'
import { isVisible } from './access/visible-ingestions.ts'
import { cursorAt, idOf } from './fields/page-cursor.ts'
import type { IngestionState } from './ingest/ingestion.ts'

const STATES = ['queued', 'running', 'done', 'failed'] as const

interface Row {
  readonly id: string
  readonly state: IngestionState
  readonly name: string | null
  readonly url: string | null
  readonly outcome: string | null
  readonly document_id: string | null
  readonly fault: { code: string; reason?: string; say: string } | null
  readonly created_at: Date
  readonly finished_at: Date | null
}

const Listed = z.strictObject({
  ingestion_id: z.string(),
  state: z.enum(STATES),
  name: z.string().optional(),
  url: z.string().optional(),
  outcome: z.string().optional().describe('added, updated, unchanged or superseded, once it is done.'),
  document_id: z.string().optional(),
  problem: z.strictObject({ code: z.string(), reason: z.string().optional(), say: z.string() }).optional(),
  created_at: z.iso.datetime(),
  finished_at: z.iso.datetime().optional(),
})

export function listIngestions() {
  return defineOperation({
    name: 'list_ingestions',
    title: 'List the files on their way in',
    description: 'Lists ingestions, newest first, with their state and what went wrong.',
    realm: 'tenant',
    access: 'read',
    scope: 'documents:read',
    input: z.strictObject({
      state: z.enum(STATES).optional(),
      limit: z.int().min(1).max(100).default(20),
      cursor: z.string().max(200).optional().describe('The next_cursor of the page before.'),
    }),
    output: z.strictObject({
      ingestions: z.array(Listed),
      next_cursor: z.string().optional().describe('Absent on the last page.'),
    }),
    async run({ state, limit, cursor }, call) {
      const after = cursor === undefined ? null : idOf('ingestions', cursor)
      const [rows] = await call.readBatch([page(call.principal, { state, after, rows: limit + 1 })])
      const last = rows.length > limit ? rows[limit - 1] : undefined
      return {
        ingestions: rows.slice(0, limit).map(listed),
        ...(last === undefined ? {} : { next_cursor: cursorAt('ingestions', last.id) }),
      }
    },
  })
}

interface Page {
  readonly state: IngestionState | undefined
  readonly after: string | null
  readonly rows: number
}

function page(principal: TenantPrincipal, { state, after, rows }: Page) {
  return sql<Row>`
    select i.id, i.state, i.request ->> 'name' as name, i.url, i.outcome, i.document_id, i.fault, i.created_at, i.finished_at
    from app.ingestion i
    where i.tenant_id = ${principal.tenantId} and (${state ?? null}::text is null or i.state = ${state ?? null})
      and (${after}::uuid is null or i.id < ${after}::uuid) and ${isVisible(principal)}
    order by i.id desc
    limit ${rows}`
}

function listed(row: Row): z.input<typeof Listed> {
  const { id, state, name, url, outcome, document_id, fault: problem, created_at, finished_at } = row
  return {
    ingestion_id: id,
    state,
    ...(name === null ? {} : { name }),
    ...(url === null ? {} : { url }),
    ...(outcome === null ? {} : { outcome }),
    ...(document_id === null ? {} : { document_id }),
    ...(problem === null ? {} : { problem }),
    created_at: created_at.toISOString(),
    ...(finished_at === null ? {} : { finished_at: finished_at.toISOString() }),
  }
}
