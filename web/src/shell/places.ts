// Where one can go: the entries of the navigation, each with what one must be allowed to see it.
import {
  Activity,
  Building2,
  CircleDollarSign,
  FileText,
  KeyRound,
  ListChecks,
  type LucideIcon,
  MessageCircleQuestionMark,
  PlugZap,
  ScrollText,
  Search,
  ShieldCheck,
  UsersRound,
} from 'lucide-react'
import type { LinkProps } from '@tanstack/react-router'
import { DEPLOYMENT } from '../api/place.ts'
import { may, placeOf, type Session } from '../api/session.ts'

export interface Entry {
  readonly to: NonNullable<LinkProps['to']>
  readonly label: string
  readonly Icon: LucideIcon
  /** The second key after `g`. */
  readonly key: string
  readonly scope?: string
}

const OF_TENANT: readonly Entry[] = [
  { to: '/search', label: 'Search', Icon: Search, key: 's', scope: 'documents:read' },
  { to: '/documents', label: 'Documents', Icon: FileText, key: 'd', scope: 'documents:read' },
  { to: '/ask', label: 'Ask', Icon: MessageCircleQuestionMark, key: 'a', scope: 'tasks:write' },
  { to: '/tasks', label: 'Tasks', Icon: ListChecks, key: 't', scope: 'tasks:read' },
  { to: '/costs', label: 'Costs', Icon: CircleDollarSign, key: 'c' },
  { to: '/connect', label: 'Connect', Icon: PlugZap, key: 'n' },
  { to: '/users', label: 'Users', Icon: UsersRound, key: 'u', scope: 'users:read' },
  { to: '/keys', label: 'API keys', Icon: KeyRound, key: 'k', scope: 'keys:write' },
  { to: '/audit', label: 'Audit', Icon: ScrollText, key: 'l', scope: 'audit:read' },
]

const OF_DEPLOYMENT: readonly Entry[] = [
  { to: '/tenants', label: 'Tenants', Icon: Building2, key: 't' },
  { to: '/accounts', label: 'Accounts', Icon: UsersRound, key: 'u' },
  { to: '/keys', label: 'Keys', Icon: KeyRound, key: 'k' },
  { to: '/system', label: 'System', Icon: Activity, key: 's' },
  { to: '/isolation', label: 'Isolation', Icon: ShieldCheck, key: 'i' },
  { to: '/audit', label: 'Audit', Icon: ScrollText, key: 'l' },
]

/** Which place the page at an address is one of; undefined for those that are in both, and for what is no page. */
export function placeOfPage(pathname: string): 'tenant' | 'deployment' | undefined {
  const isUnder = ({ to }: Entry) => pathname === to || pathname.startsWith(`${to}/`)
  const isOfTenant = OF_TENANT.some(isUnder)
  const isOfDeployment = OF_DEPLOYMENT.some(isUnder)
  if (isOfTenant === isOfDeployment) return undefined
  return isOfTenant ? 'tenant' : 'deployment'
}

/** What this session may go to, in order. */
export function entriesFor(session: Session): readonly Entry[] {
  const place = placeOf(session)
  if (place === undefined) return []
  if (place === DEPLOYMENT) return OF_DEPLOYMENT
  return OF_TENANT.filter(({ scope }) => scope === undefined || may(session, scope))
}
