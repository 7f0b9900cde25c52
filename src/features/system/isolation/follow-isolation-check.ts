// follow_isolation_check: what came of the attacks so far; waits for the next one.
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import type { SystemCall } from '../../../gate/call.ts'
import { defineOperation } from '../../../gate/operation.ts'
import { fault } from '../../../platform/faults.ts'
import { checkNamed, type FollowedCheck } from './check-rows.ts'
import { checkFacts, outcomeShape, plannedShape, reportShape } from './check-shape.ts'

/** A check runs for minutes and is seldom looked at: asking costs less than being told. */
const LOOK_EVERY_MS = 400

export const followIsolationCheck = defineOperation({
  name: 'follow_isolation_check',
  title: 'Follow an isolation check',
  description: 'The outcomes of a check after the first `after`, in order; at its end the report.',
  realm: 'deployment',
  access: 'read',
  tool: false,
  waits: true,
  input: z.strictObject({
    check_id: z.uuid(),
    after: z
      .int()
      .min(0)
      .default(0)
      .describe('How many outcomes are known already: `after` of the answer before.'),
    stage: checkFacts.stage.optional().describe('The stage that is known: the next one is news too.'),
    wait_seconds: z.int().min(0).max(20).default(0).describe('How long to wait for news.'),
  }),
  output: z.strictObject({
    ...checkFacts,
    planned: z
      .array(plannedShape)
      .describe('All attacks, in the order they are run; given with the first look.'),
    outcomes: z.array(outcomeShape),
    after: z.int(),
    report: reportShape.nullable(),
  }),
  async run({ check_id: id, after, stage, wait_seconds }, call) {
    call.about(`isolation_check:${id}`)
    const end = performance.now() + wait_seconds * 1000
    for (;;) {
      const check = await look(call, id)
      const isNews = check.outcomes.length > after || check.stage !== stage || check.state !== 'running'
      if (isNews || performance.now() >= end) return shown(check, after)
      await sleep(LOOK_EVERY_MS, undefined, { signal: call.signal }).catch(() => {
        throw fault('cancelled')
      })
    }
  },
})

async function look(call: SystemCall, id: string): Promise<FollowedCheck> {
  const check = await call.system('check_isolation', tx => checkNamed(tx, id))
  if (check === undefined)
    throw fault('not_found', { reason: 'unknown_check', say: 'There is no isolation check with that id.' })
  return check
}

function shown({ outcomes, planned, started_at, finished_at, ...check }: FollowedCheck, after: number) {
  return {
    ...check,
    started_at: started_at.toISOString(),
    finished_at: finished_at?.toISOString() ?? null,
    planned: after === 0 ? [...planned] : [],
    outcomes: outcomes.slice(after),
    after: outcomes.length,
  }
}
