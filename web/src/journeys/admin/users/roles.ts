// The roles of a tenant from the lowest to the highest, and what each may do, in words. The server decides; these are
// for the choice.
import type { Role } from '../../../api/operations.gen.ts'

export const ROLES: readonly { readonly value: Role; readonly label: string; readonly hint: string }[] = [
  { value: 'reader', label: 'Reader', hint: 'searches, reads and asks' },
  { value: 'member', label: 'Member', hint: 'adds documents and makes keys too' },
  { value: 'admin', label: 'Admin', hint: 'manages users, access, costs and audit too' },
  { value: 'owner', label: 'Owner', hint: 'may do all of it, and export the tenant' },
]

/** Nobody gives, takes away or touches a role above their own. */
export function reaches(own: Role | undefined, role: Role): boolean {
  const at = (one: Role) => ROLES.findIndex(({ value }) => value === one)
  return own !== undefined && at(role) <= at(own)
}
