// get_last_isolation_check: the check that runs, if one does, the last that came to its end, with its report, and one
// that broke since.
import { z } from 'zod'
import { defineOperation } from '../../../gate/operation.ts'
import { brokenSince, type CheckRow, lastDone, runningCheck } from './check-rows.ts'
import { checkFacts, reportShape } from './check-shape.ts'

export const getLastIsolationCheck = defineOperation({
  name: 'get_last_isolation_check',
  title: 'Show the last isolation check',
  description:
    'The isolation check that runs now, the last one that came to its end with its report (when, and by whom), and one that broke since.',
  realm: 'deployment',
  access: 'read',
  tool: false,
  input: z.strictObject({}),
  output: z.strictObject({
    running: z.strictObject(checkFacts).nullable(),
    last: z.strictObject({ ...checkFacts, report: reportShape }).nullable(),
    broken: z
      .strictObject(checkFacts)
      .nullable()
      .describe('The newest that broke, unless one ended well since.'),
  }),
  async run(_, call) {
    const { running, last, broken } = await call.system('check_isolation', async tx => ({
      running: await runningCheck(tx),
      last: await lastDone(tx),
      broken: await brokenSince(tx),
    }))
    const report = last?.report ?? undefined
    return {
      running: running === undefined ? null : dated(running),
      last: last === undefined || report === undefined ? null : { ...dated(last), report },
      broken: broken === undefined ? null : dated(broken),
    }
  },
})

function dated({ check_id, state, stage, say, started_by, started_at, finished_at }: CheckRow) {
  return {
    check_id,
    state,
    stage,
    say,
    started_by,
    started_at: started_at.toISOString(),
    finished_at: finished_at?.toISOString() ?? null,
  }
}
