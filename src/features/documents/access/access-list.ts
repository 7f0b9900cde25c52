// Who may read a document, as callers say it and as documents keep it: everyone in the tenant, or a list of users and
// groups. What is given is checked against the people there are before anything is written.
import { z } from 'zod'
import type { Reader } from '../../../platform/db/database.ts'
import { sqlFile } from '../../../platform/db/statements.ts'
import { fault, type FieldIssue } from '../../../platform/faults.ts'
import { storableText } from '../../../platform/storable-text.ts'

const MOST = 200
const member = z.string().min(1).max(200)

export const accessInput = z
  .union([
    z.literal('everyone'),
    z.strictObject({
      users: z.array(member).max(MOST).optional().describe('Ids of users.'),
      groups: z.array(member).max(MOST).optional().describe('Names or ids of groups.'),
    }),
  ])
  .describe(
    'Who may read it: "everyone" in the tenant, or only these users and groups. When left out, everyone may read a new document, and a known one keeps what it has.',
  )

export type GivenAccess = z.output<typeof accessInput>

/** As documents keep it: each member once, sorted, groups by their ids. */
export type AccessList =
  | 'everyone'
  | { readonly users: readonly string[]; readonly groups: readonly string[] }

/** Who sets a list: whoever does not read all documents anyway must stay on it. */
export interface AccessSetter {
  readonly tenantId: string
  readonly subject: string
  readonly reads: 'all' | 'listed'
}

interface Found {
  readonly unknownUsers: string[]
  readonly unknownGroups: string[]
  readonly groups: string[]
  readonly isMember: boolean
}

type Parameters = { tenant_id: string; subject: string; users: string[]; groups: string[] }
const findMembers = sqlFile<Parameters, Found>(import.meta.url, './find-members.sql')

/** Throws `invalid_input` that names who is not known, or (`would_lock_you_out`) when the setter could read no more. */
export async function checkedAccess(
  tx: Reader,
  { tenantId, subject, reads }: AccessSetter,
  given: GivenAccess,
): Promise<AccessList> {
  if (given === 'everyone') return given
  const users = distinct(given.users)
  const groups = distinct(given.groups)
  refuseUnstorable({ users, groups })
  const found = await tx.first(findMembers({ tenant_id: tenantId, subject, users, groups }))
  if (found === undefined) throw fault('internal', { detail: 'the people of a tenant answer one row' })
  const issues = [...unknown('user', found.unknownUsers), ...unknown('group', found.unknownGroups)]
  if (issues.length > 0)
    throw fault('invalid_input', { issues, say: issues.map(({ message }) => message).join('; ') })
  if (reads === 'listed' && !found.isMember && !users.includes(subject)) throw wouldLockOut(subject)
  return { users, groups: distinct(found.groups) }
}

function distinct(members: readonly string[] = []): string[] {
  return [...new Set(members)].sort()
}

function refuseUnstorable(given: Readonly<Record<string, readonly string[]>>): void {
  for (const [kind, members] of Object.entries(given)) {
    if (members.every(one => !storableText(one).cleaned)) continue
    const field = `access.${kind}`
    const message = `${field} must hold well-formed texts without NUL`
    throw fault('invalid_input', { say: message, issues: [{ field, message }] })
  }
}

function unknown(kind: 'user' | 'group', members: readonly string[]): FieldIssue[] {
  return members.map(one => ({
    field: `access.${kind}s`,
    message: `there is no ${kind} ${JSON.stringify(one)} in this tenant`,
  }))
}

function wouldLockOut(subject: string) {
  const message = `you could not read the document any more: add your own user id (${JSON.stringify(subject)}) or a group you are in`
  return fault('invalid_input', {
    reason: 'would_lock_you_out',
    say: message,
    issues: [{ field: 'access', message }],
  })
}
