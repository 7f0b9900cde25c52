// How an operator acts in a tenant: as a user, by an access token that `create_token` signs (and puts on record). The
// tenant's limits hold for the operator too; a command waits for them instead of failing.
import { setTimeout as sleep } from 'node:timers/promises'
import { asFault, fault } from '../../platform/faults.ts'
import { renewedToken } from '../mcp/stdio/renewed-token.ts'
import type { Asking, Connection } from './connection/connection.ts'

export type Ask = Connection['post']

export interface TenantCaller {
  /** Fetches the token: an unknown tenant is told here, before anything was done. */
  ready(): Promise<void>
  /**
   * Runs an operation of the tenant. Waits as long as the server says when calls come too fast, and signs a new token
   * once when the one it has is refused; every other refusal is thrown as the fault the server threw.
   */
  run(
    operation: string,
    input: Record<string, unknown>,
    signal?: AbortSignal,
  ): Promise<Record<string, unknown>>
}

export interface ActingDeps {
  readonly ask: Ask
  /** Runs a deployment operation as the operator. */
  readonly run: (operation: string, input: Record<string, unknown>) => Promise<Record<string, unknown>>
  readonly pause?: (ms: number, signal: AbortSignal | undefined) => Promise<unknown>
}

export interface Actor {
  readonly tenant: string
  readonly user: string
  /** What the token allows; to read and write documents when left out. */
  readonly scopes?: readonly string[] | undefined
}

const SCOPES = ['documents:read', 'documents:write']
/** Where a refusal does not say how long to wait. */
const DEFAULT_WAIT_MS = 1_000

export function actingIn(
  { tenant, user, scopes = SCOPES }: Actor,
  { ask, run, pause = waited }: ActingDeps,
): TenantCaller {
  const signing = (): (() => Promise<string>) =>
    renewedToken(async () => {
      const { token, expires_at: expiresAt } = await run('create_token', {
        tenant,
        user,
        scopes: [...scopes],
        audience: 'api',
      })
      return { token: String(token), expiresAt: Date.parse(String(expiresAt)) / 1000 }
    })
  let accessToken = signing()

  async function withToken(operation: string, input: Record<string, unknown>, signal?: AbortSignal) {
    for (let attempt = 1; ; attempt++) {
      const used = accessToken
      const asking: Asking = { token: await used(), ...(signal === undefined ? {} : { signal }) }
      try {
        return await ask(operation, input, asking)
      } catch (error) {
        if (asFault(error).code !== 'unauthenticated' || attempt > 1) throw error
        // Of several calls that were refused with one token, the first has a new one signed for all.
        if (accessToken === used) accessToken = signing()
      }
    }
  }

  return {
    ready: async () => void (await accessToken()),
    run: patient(withToken, pause),
  }
}

/** Whoever the connection's own credential speaks for. It is used as it is: only its owner can renew it. */
export function asItself(ask: Ask, pause: NonNullable<ActingDeps['pause']> = waited): TenantCaller {
  return {
    ready: () => Promise.resolve(),
    run: patient(
      (operation, input, signal) => ask(operation, input, signal === undefined ? {} : { signal }),
      pause,
    ),
  }
}

/** Comes again as late as the server says when calls come too fast. */
function patient(run: TenantCaller['run'], pause: NonNullable<ActingDeps['pause']>): TenantCaller['run'] {
  return async (operation, input, signal) => {
    for (;;) {
      try {
        return await run(operation, input, signal)
      } catch (error) {
        const { code, retryAfterMs = DEFAULT_WAIT_MS } = asFault(error)
        if (code !== 'rate_limited') throw error
        await pause(retryAfterMs, signal)
      }
    }
  }
}

async function waited(ms: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await sleep(ms, undefined, signal === undefined ? {} : { signal })
  } catch (error) {
    throw fault('cancelled', { because: error })
  }
}
