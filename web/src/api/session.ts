// Who is signed in, where they act, and what they may do there. The rules are the server's; the page only leaves out
// what would be refused.
import { queryOptions } from '@tanstack/react-query'
import { DEPLOYMENT, enterPlace } from './place.ts'
import { send } from './send.ts'

export interface SessionTenant {
  readonly tenant_id: string
  readonly slug: string
  readonly name: string
  readonly user_id: string
  readonly role: string
}

export interface Session {
  readonly account: {
    readonly id: string
    readonly email: string
    readonly name: string
    readonly is_operator: boolean
  }
  readonly tenants: readonly SessionTenant[]
  readonly current:
    | {
        readonly tenant_id: string
        readonly user: string
        readonly role: string
        readonly scopes: readonly string[]
      }
    | { readonly deployment: true }
    | null
  /** It was in this tenant and may do nothing there any more. */
  readonly barred: {
    readonly tenant_id: string
    readonly name?: string
    readonly reason: 'tenant_inactive' | 'user_disabled'
  } | null
  /** However it is used; and before that, when nothing is asked for so many seconds. */
  readonly expires_at: string
  readonly idle_seconds: number
}

export type Target = { readonly tenant: string } | { readonly deployment: true }

export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: async ({ signal }) => {
    const answer = await send('/api/session', { method: 'GET', signal })
    const session = (await answer.json()) as Session
    const place = placeOf(session)
    if (place !== undefined) enterPlace(place)
    return session
  },
  staleTime: 60_000,
})

/** The tenant's id, `deployment`, or undefined when the session acts nowhere. */
export function placeOf({ current }: Session): string | undefined {
  if (current === null) return undefined
  return 'tenant_id' in current ? current.tenant_id : DEPLOYMENT
}

/** The tenant the session acts in; undefined for the deployment and for nowhere. */
export function tenantOf(session: Session): SessionTenant | undefined {
  return session.tenants.find(({ tenant_id }) => tenant_id === placeOf(session))
}

export function may({ current }: Session, scope: string): boolean {
  return current !== null && 'scopes' in current && current.scopes.includes(scope)
}

/** One for telling and for hearing: a channel does not hear itself, and this page goes where it was sent. */
const tabs = new BroadcastChannel('gatehouse-place')

/**
 * Acts elsewhere from now on. The page is loaded anew: every answer, stream and form of the former place is gone with it;
 * so it is in the other tabs, which share the session.
 */
export async function goTo(target: Target, path = '/app'): Promise<void> {
  await send('/api/session', { method: 'PUT', body: target })
  tellOtherTabs()
  window.location.assign(path)
}

export async function signOut(everywhere = false): Promise<void> {
  await send(`/api/session${everywhere ? '?everywhere=true' : ''}`, { method: 'DELETE' })
  tellOtherTabs()
  window.location.assign('/app/sign-in')
}

export async function changePassword(current: string, next: string): Promise<void> {
  await send('/api/session/password', { method: 'PUT', body: { current, new: next } })
}

/** Loads this page anew when another tab has gone elsewhere or signed out. */
export function followOtherTabs(): void {
  tabs.addEventListener('message', () => window.location.assign('/app'))
}

function tellOtherTabs(): void {
  tabs.postMessage('moved')
}
