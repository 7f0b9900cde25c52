// What somebody at a shell does next after a refusal. The server's sentence is for every caller; which command helps is
// known here alone.
import type { Fault } from '../../platform/faults.ts'

const CREDENTIAL =
  'give an API key, an operator key, or a token made with: gatehouse token create --audience api'

const AFTER: Readonly<Record<string, string>> = {
  unknown_tenant: 'those there are: gatehouse tenant list',
  unknown_user: 'those there are: gatehouse user list --tenant <tenant>',
  unknown_group: 'those there are: gatehouse group list --tenant <tenant>',
  unknown_workflow: 'those there are: gatehouse task workflows --tenant <tenant>',
  unknown_task: 'those there are: gatehouse task list --tenant <tenant>',
  unknown_account: 'those there are: gatehouse account list',
  insufficient_scope:
    'use a credential that has it, or let the user have a role that does: gatehouse user set',
  invalid: CREDENTIAL,
  expired: CREDENTIAL,
  revoked: CREDENTIAL,
  wrong_audience: CREDENTIAL,
  no_server: 'start it there (gatehouse serve), or correct --url or GATEHOUSE_URL',
}

/** A line for people, or undefined where the sentence of the fault says all. `typed` is the command, as 'user create'. */
export function nextStep(
  { reason = '', issues }: Pick<Fault, 'reason' | 'issues'>,
  typed: string | undefined,
): string | undefined {
  if (issues.length > 0 && typed !== undefined) return `what it takes: gatehouse ${typed} --help`
  return Object.hasOwn(AFTER, reason) ? AFTER[reason] : undefined
}
