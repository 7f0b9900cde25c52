// An evaluation's own ground: a throw-away tenant in a Gatehouse opened for it, on the configured database server or
// on an embedded database in a temporary folder. What it does, every deployment could do: tenants, tokens and models
// come by the operations that make them.
import { randomBytes, randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { Tenant } from '../../../features/tenants/tenant-rows.ts'
import { waitUntilActive } from '../../../features/tenants/wait-until-active.ts'
import type { Authenticate } from '../../../gate/authenticate.ts'
import type { Principal } from '../../../gate/call.ts'
import type { CallContext } from '../../../gate/open-call.ts'
import type { Operation } from '../../../gate/operation.ts'
import type { Config } from '../../../platform/config.ts'
import type { Database } from '../../../platform/db/database.ts'
import { asFault, fault } from '../../../platform/faults.ts'
import type { Ask } from './ground.ts'

/** What main.ts opens: the parts of a whole Gatehouse that are needed here. */
export interface OpenedGatehouse {
  readonly opened: { readonly database: Database }
  readonly catalog: readonly Operation[]
  readonly authenticate: Authenticate
  operate(
    name: string,
    input: Record<string, unknown>,
    signal?: AbortSignal,
  ): Promise<Record<string, unknown>>
  run(
    operation: Operation,
    input: unknown,
    principal: Principal,
    context: CallContext,
  ): Promise<Record<string, unknown>>
  close(): Promise<void>
}

export type OpenGatehouse = (config: Config) => Promise<OpenedGatehouse>

export interface OwnGround {
  readonly tenant: Tenant
  readonly gatehouse: OpenedGatehouse
  /** The folder of the embedded database. */
  readonly folder: string | undefined
  readonly ask: Ask
  /** Removes the tenant, unless it is to be kept, and closes. Resolves with what to tell the person who waits. */
  close(): Promise<string | undefined>
}

export interface OwnGroundOptions {
  readonly config: Config
  readonly openGatehouse: OpenGatehouse
  /** Answers searches instead of the built-in model; on the embedded database only. */
  readonly model?: string | undefined
  readonly keep: boolean
  readonly signal: AbortSignal
}

/** The limits of tenants are not what is evaluated. */
const UNLIMITED = { perSecond: 1_000_000, burst: 1_000_000 }
const TOKEN_SECONDS = 86_400
const GONE_WITHIN_MS = 120_000
const SWITCHED_WITHIN_MS = 60_000

export async function openOwnGround(options: OwnGroundOptions): Promise<OwnGround> {
  const { config, openGatehouse, keep } = options
  const folder =
    config.database.kind === 'embedded' ? await mkdtemp(join(tmpdir(), 'gatehouse-eval-')) : undefined
  const removeFolder = async (): Promise<void> => {
    if (folder !== undefined) await rm(folder, { recursive: true, force: true })
  }
  let gatehouse: OpenedGatehouse | undefined
  try {
    gatehouse = await openGatehouse({
      ...config,
      rate: UNLIMITED,
      seedSamples: false,
      ...(folder === undefined ? {} : { dataDir: folder, role: 'all' }),
    })
    const opened = gatehouse
    if (options.model !== undefined) await serveWith(opened, options.model, options.signal)
    const tenant = await throwAwayTenant(opened, options.signal)
    return {
      tenant,
      gatehouse,
      folder,
      ask: await asking(opened, tenant.slug),
      close: async () => {
        const told = keep ? keptWhere(tenant.slug, folder) : await removed(opened, tenant.slug, folder)
        await opened.close()
        if (!keep) await removeFolder()
        return told
      },
    }
  } catch (error) {
    await gatehouse?.close()
    await removeFolder()
    throw error
  }
}

/** In an empty database the new model has nothing to fill: it serves at once. */
async function serveWith(gatehouse: OpenedGatehouse, model: string, signal: AbortSignal): Promise<void> {
  await gatehouse.operate('migrate_embeddings', { to: model }, signal)
  // Whoever named the server pays it; no tenant has a bill here.
  await gatehouse.operate('set_price', { model, per_million_nano: { input: '0', embedding: '0' } }, signal)
  for (const end = Date.now() + SWITCHED_WITHIN_MS; Date.now() < end && !signal.aborted; await pause(100)) {
    const { models } = await gatehouse.operate('get_embedding_status', {})
    const isServing = (models as { name: string; state: string }[]).some(
      ({ name, state }) => name === model && state === 'serving',
    )
    if (isServing) return
  }
  if (signal.aborted) throw fault('cancelled')
  throw fault('unavailable', { say: `The embedding model ${model} did not come to serve within a minute.` })
}

async function throwAwayTenant(gatehouse: OpenedGatehouse, signal: AbortSignal): Promise<Tenant> {
  const slug = `eval-${randomBytes(5).toString('hex')}`
  await gatehouse.operate('create_tenant', { slug, name: 'Evaluation' })
  return waitUntilActive(
    async () => (await gatehouse.operate('get_tenant', { tenant: slug }))['tenant'] as Tenant,
    { signal },
  )
}

async function asking(gatehouse: OpenedGatehouse, tenant: string): Promise<Ask> {
  const { token } = await gatehouse.operate('create_token', {
    tenant,
    user: 'evaluation',
    ttl_seconds: TOKEN_SECONDS,
  })
  return async (name, input, signal) => {
    const operation = gatehouse.catalog.find(one => one.name === name)
    if (operation === undefined) throw new Error(`the catalog has no ${name}`)
    const principal = await gatehouse.authenticate(`Bearer ${String(token)}`)
    return gatehouse.run(operation, input, principal, { requestId: randomUUID(), signal })
  }
}

function keptWhere(slug: string, folder: string | undefined): string {
  const where = folder === undefined ? 'in the database' : `in ${folder} (use it as GATEHOUSE_DATA_DIR)`
  return `the tenant ${slug} is kept ${where}`
}

/** With the folder goes everything; in a database the tenant has to be erased. */
async function removed(
  gatehouse: OpenedGatehouse,
  slug: string,
  folder: string | undefined,
): Promise<string | undefined> {
  if (folder !== undefined) return undefined
  await gatehouse.operate('remove_tenant', { tenant: slug, confirm: slug })
  for (const end = Date.now() + GONE_WITHIN_MS; Date.now() < end; await pause(100)) {
    const isThere = await gatehouse.operate('get_tenant', { tenant: slug }).then(
      () => true,
      (error: unknown) => {
        if (asFault(error).code === 'not_found') return false
        throw error
      },
    )
    if (!isThere) return undefined
  }
  return `the tenant ${slug} is shut out, but not erased yet: a process with the role "worker" will finish it`
}
