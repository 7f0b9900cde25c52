// Sessions of people who signed in. The cookie is 256 random bits; the table holds its SHA-256 and is the only truth:
// what this process remembers of a session is a second old at most, and gone at once when it ends here.
import type { Database, Writer } from '../../platform/db/database.ts'
import { sql, sqlFile } from '../../platform/db/statements.ts'
import { fault } from '../../platform/faults.ts'
import type { Principal } from '../call.ts'
import { unauthenticated } from '../tokens/unauthenticated.ts'
import { accountTenants } from './account-rows.ts'
import { digestOfCode, newSecretCode } from './secret-code.ts'
import { sessionPrincipal, type SessionFacts } from './session/session-principal.ts'
import { sessionView, type SessionView } from './session/session-view.ts'

export interface Sessions {
  /** Who acts by that cookie, now. Throws `unauthenticated` when it is nobody. */
  authenticate(cookie: string): Promise<Principal>
  /** The session, whether or not it can act in its tenant; undefined when it has ended. */
  look(cookie: string): Promise<SessionView | undefined>
  /**
   * Begins a session within the transaction that proved who it is, acting in the tenant named, else in the account's
   * first one; `before` is the cookie the browser came with, whose session ends. Answers the new cookie.
   */
  begin(tx: Writer, accountId: string, options: Beginning): Promise<string>
  /** Lets the session act in another tenant of its account (id or slug), or for the deployment. */
  switchTo(cookie: string, target: { readonly tenant: string } | { readonly deployment: true }): Promise<void>
  end(cookie: string): Promise<void>
  /** Ends all sessions of the account this one belongs to. */
  endEverywhere(cookie: string): Promise<void>
  /** Ends the sessions of an account, but for the one of `except`; call `forget` once the transaction is committed. */
  endAllIn(tx: Writer, accountId: string, except?: string): Promise<void>
  /** Makes this process ask the database again about the sessions of an account. */
  forget(accountId: string): void
}

export interface Beginning {
  readonly before?: string | undefined
  readonly tenantId?: string | undefined
}

export interface SessionsOptions {
  readonly database: Pick<Database, 'system'>
  /** Milliseconds on a clock that never goes back. */
  readonly now?: () => number
}

export const IDLE_S = 12 * 3_600
export const LIFETIME_S = 7 * 86_400
const REMEMBERED_MS = 1_000
const MAX_REMEMBERED = 10_000

type NamedFacts = SessionFacts & { readonly tenant_name: string | null }

const sessionFacts = sqlFile<
  { digest: Buffer; idle_seconds: number },
  NamedFacts & { readonly is_due: boolean }
>(import.meta.url, 'session-facts.sql')

export function sessions({ database, now = () => performance.now() }: SessionsOptions): Sessions {
  const remembered = rememberedFacts(now)
  const known = (cookie: string): Buffer => {
    const digest = digestOfCode(cookie)
    if (digest === undefined) throw noSession()
    return digest
  }
  return {
    async authenticate(cookie) {
      const digest = known(cookie)
      // One reading serves all who ask within a second.
      const read = () => database.system('sign_in', tx => readFacts(tx, digest))
      const facts = await remembered.find(digest, read)
      if (facts === undefined) throw noSession()
      return sessionPrincipal(facts, digest)
    },
    async look(cookie) {
      const digest = digestOfCode(cookie)
      return digest === undefined ? undefined : database.system('sign_in', tx => readView(tx, digest))
    },
    async begin(tx, accountId, { before, tenantId }) {
      const old = digestOfCode(before ?? '')
      if (old !== undefined) remembered.drop(old)
      return addSession(tx, { accountId, old, tenantId })
    },
    async switchTo(cookie, target) {
      const digest = known(cookie)
      await database.system('sign_in', tx => switchSession(tx, digest, target))
      remembered.drop(digest)
    },
    async end(cookie) {
      const digest = digestOfCode(cookie)
      if (digest === undefined) return
      await database.system('sign_in', tx =>
        tx.run(sql`delete from app.session where token_hash = ${digest}`),
      )
      remembered.drop(digest)
    },
    async endEverywhere(cookie) {
      const digest = digestOfCode(cookie)
      if (digest === undefined) return
      const owner = await database.system('sign_in', async tx => {
        const facts = await readFacts(tx, digest)
        if (facts !== undefined) await endSessions(tx, facts.account_id)
        return facts?.account_id
      })
      if (owner !== undefined) remembered.dropAccount(owner)
    },
    endAllIn: (tx, accountId, except) => endSessions(tx, accountId, digestOfCode(except ?? '')),
    forget: remembered.dropAccount,
  }
}

function noSession() {
  return unauthenticated('expired', 'no such session')
}

async function addSession(
  tx: Writer,
  {
    accountId,
    old,
    tenantId,
  }: { readonly accountId: string; readonly old: Buffer | undefined; readonly tenantId: string | undefined },
): Promise<string> {
  const { text, digest } = newSecretCode()
  const [first] = await accountTenants(tx, accountId)
  if (old !== undefined) await tx.run(sql`delete from app.session where token_hash = ${old}`)
  await tx.run(sql`
    delete from app.session
    where expires_at < now() or seen_at < now() - make_interval(secs => ${IDLE_S}::int)`)
  await tx.run(sql`
    insert into app.session (token_hash, account_id, tenant_of, expires_at)
    values (${digest}, ${accountId}, ${tenantId ?? first?.tenant_id ?? null}::uuid,
      now() + make_interval(secs => ${LIFETIME_S}::int))`)
  return text
}

async function endSessions(tx: Writer, accountId: string, except: Buffer = Buffer.alloc(0)): Promise<void> {
  await tx.run(sql`delete from app.session where account_id = ${accountId} and token_hash <> ${except}`)
}

async function readView(tx: Writer, digest: Buffer): Promise<SessionView | undefined> {
  const facts = await readFacts(tx, digest)
  if (facts === undefined) return undefined
  return sessionView(facts, {
    digest,
    tenants: await accountTenants(tx, facts.account_id),
    idleSeconds: IDLE_S,
  })
}

async function readFacts(tx: Writer, digest: Buffer): Promise<NamedFacts | undefined> {
  const facts = await tx.first(sessionFacts({ digest, idle_seconds: IDLE_S }))
  // Once a minute is enough to tell an idle session from one in use.
  if (facts?.is_due === true)
    await tx.run(sql`update app.session set seen_at = now() where token_hash = ${digest}`)
  return facts
}

async function switchSession(
  tx: Writer,
  digest: Buffer,
  target: { readonly tenant: string } | { readonly deployment: true },
): Promise<void> {
  const facts = await readFacts(tx, digest)
  if (facts === undefined) throw noSession()
  const tenants = 'tenant' in target ? await accountTenants(tx, facts.account_id) : []
  const chosen = tenants.find(
    ({ tenant_id, slug }) => 'tenant' in target && [tenant_id, slug].includes(target.tenant),
  )
  // One answer for a tenant that is not there and for one that is not yours.
  if ('tenant' in target && chosen === undefined)
    throw fault('not_found', { say: 'This account is no user of such a tenant.', reason: 'unknown_tenant' })
  if ('deployment' in target && !facts.is_operator)
    throw fault('forbidden', { say: 'This account is no operator.', reason: 'not_an_operator' })
  await tx.run(
    sql`update app.session set tenant_of = ${chosen?.tenant_id ?? null}::uuid where token_hash = ${digest}`,
  )
}

/** What was read of sessions within the last second. A reading under way is shared by all who ask meanwhile. */
function rememberedFacts(now: () => number) {
  const known = new Map<string, { readonly at: number; readonly facts: Promise<SessionFacts | undefined> }>()
  const accountsOf = new Map<string, string>()
  const drop = (key: string): void => {
    known.delete(key)
    accountsOf.delete(key)
  }
  return {
    async find(digest: Buffer, read: () => Promise<SessionFacts | undefined>) {
      const key = digest.toString('hex')
      const found = known.get(key)
      if (found !== undefined && now() - found.at < REMEMBERED_MS) return found.facts
      const [oldest] = known.keys()
      if (known.size >= MAX_REMEMBERED && oldest !== undefined) drop(oldest)
      const entry = { at: now(), facts: read() }
      known.delete(key)
      known.set(key, entry)
      try {
        const facts = await entry.facts
        if (facts !== undefined && known.get(key) === entry) accountsOf.set(key, facts.account_id)
        return facts
      } catch (error) {
        if (known.get(key) === entry) drop(key)
        throw error
      }
    },
    drop: (digest: Buffer): void => drop(digest.toString('hex')),
    dropAccount(accountId: string): void {
      // A reading under way may have been made before the change: whose it is shows only at its end.
      for (const key of known.keys()) {
        const owner = accountsOf.get(key)
        if (owner === undefined || owner === accountId) drop(key)
      }
    },
  }
}
