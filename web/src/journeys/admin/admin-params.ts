// What stands in the addresses of the administration. Whatever is no such value is left out.

const ROLES = ['reader', 'member', 'admin', 'owner'] as const
const OUTCOMES = ['ok', 'refused', 'failed'] as const
const USERS_VIEWS = ['groups', 'invitations'] as const
const KEYS_VIEWS = ['signing'] as const
const STATUSES = ['active', 'disabled'] as const
const TENANTS_VIEWS = ['tiers'] as const

export interface UsersParams {
  /** The users by default. */
  readonly view?: (typeof USERS_VIEWS)[number]
  readonly find?: string
  /** By name. */
  readonly group?: string
  readonly role?: (typeof ROLES)[number]
  readonly status?: (typeof STATUSES)[number]
  /** Where the page begins: behind this one. */
  readonly after?: string
}

export function usersParams(given: Record<string, unknown>): UsersParams {
  return {
    ...oneOf('view', USERS_VIEWS, given),
    ...text('find', given),
    ...text('group', given),
    ...oneOf('role', ROLES, given),
    ...oneOf('status', STATUSES, given),
    ...text('after', given),
  }
}

export interface AuditParams {
  readonly user?: string
  readonly operation?: string
  readonly outcome?: (typeof OUTCOMES)[number]
  /** ISO 8601, UTC. */
  readonly from?: string
  readonly to?: string
  readonly cursor?: string
}

export function auditParams(given: Record<string, unknown>): AuditParams {
  return {
    ...text('user', given),
    ...text('operation', given),
    ...oneOf('outcome', OUTCOMES, given),
    ...moment('from', given),
    ...moment('to', given),
    ...text('cursor', given),
  }
}

export interface TenantsParams {
  readonly view?: 'tiers'
  readonly find?: string
  /** The form for a new one is open. */
  readonly make?: true
}

export function tenantsParams(given: Record<string, unknown>): TenantsParams {
  return {
    ...oneOf('view', TENANTS_VIEWS, given),
    ...text('find', given),
    ...(given['make'] === true ? { make: true } : {}),
  }
}

export interface KeysParams {
  /** Of the deployment: operator keys by default. */
  readonly view?: (typeof KEYS_VIEWS)[number]
}

export function keysParams(given: Record<string, unknown>): KeysParams {
  return oneOf('view', KEYS_VIEWS, given)
}

export interface AccountsParams {
  readonly after?: string
}

export function accountsParams(given: Record<string, unknown>): AccountsParams {
  return text('after', given)
}

type Given = Record<string, unknown>

function text<Name extends string>(name: Name, given: Given): { [name in Name]?: string } {
  // The router reads what looks like a number as one.
  const raw = given[name]
  const value = typeof raw === 'number' ? String(raw) : raw
  return typeof value === 'string' && value !== '' ? one(name, value) : {}
}

function oneOf<Name extends string, Value extends string>(
  name: Name,
  values: readonly Value[],
  given: Given,
): { [name in Name]?: Value } {
  const value = values.find(known => known === given[name])
  return value === undefined ? {} : one(name, value)
}

function moment<Name extends string>(name: Name, given: Given): { [name in Name]?: string } {
  const value = given[name]
  const at = typeof value === 'string' ? Date.parse(value) : Number.NaN
  return Number.isNaN(at) ? {} : one(name, new Date(at).toISOString())
}

function one<Name extends string, Value>(name: Name, value: Value): { [name in Name]?: Value } {
  return { [name]: value } as { [name in Name]?: Value }
}
