// start_isolation_check: plays the attacker against this deployment. One check at a time; it goes on by itself.
import { z } from 'zod'
import { defineOperation } from '../../../gate/operation.ts'
import { fault } from '../../../platform/faults.ts'
import { uuidv7 } from '../../../platform/uuid-v7.ts'
import type { Attacker } from './attacker.ts'
import { beginCheck } from './check-rows.ts'
import { plannedShape } from './check-shape.ts'
import type { RunningChecks } from './run-checks.ts'

export interface StartIsolationCheckDeps {
  readonly attacker: Pick<Attacker, 'planned'>
  readonly checks: Pick<RunningChecks, 'begin'>
}

export function startIsolationCheck({ attacker, checks }: StartIsolationCheckDeps) {
  return defineOperation({
    name: 'start_isolation_check',
    title: 'Start an isolation check',
    description:
      'Makes two throw-away tenants, attacks one from the other and from outside in every way the catalogue knows, and removes them. Other tenants are not touched. One check runs at a time; follow_isolation_check shows it.',
    realm: 'deployment',
    access: 'write',
    tool: false,
    input: z.strictObject({}),
    output: z.strictObject({ check_id: z.uuid(), planned: z.array(plannedShape) }),
    async run(_, call) {
      const { planned } = attacker
      const { principal } = call
      const id = uuidv7()
      call.about(`isolation_check:${id}`)
      const left = await call.system('check_isolation', tx =>
        beginCheck(tx, { id, startedBy: principal.subject, planned }),
      )
      if (left === undefined) throw runsAlready()
      checks.begin({ id, principal, left })
      return { check_id: id, planned: [...planned] }
    },
  })
}

function runsAlready() {
  return fault('conflict', {
    reason: 'already_running',
    say: 'An isolation check runs already: get_last_isolation_check names it, follow_isolation_check shows it.',
  })
}
