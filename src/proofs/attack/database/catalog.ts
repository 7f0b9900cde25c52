// RL06–RL11, RL13: the sweep of the catalog of Postgres, one attack for each of its questions.
import { found, held, type Attack } from '../attack.ts'
import { SWEEPS } from './catalog-sweep.ts'
import { ofLogin } from './of-database.ts'
import { readerOf } from './open-database.ts'

const QUESTIONS: readonly (readonly [id: string, title: string, sweeps: readonly (keyof typeof SWEEPS)[]])[] =
  [
    [
      'RL06',
      'every table with a tenant: row-level security on, FORCED, a policy for each command',
      ['tablesAreForced', 'policiesAskForTheTenant'],
    ],
    [
      'RL08',
      'views ask with the caller’s rights; no materialized view, no foreign table',
      ['viewsAreInvokers'],
    ],
    ['RL10', 'functions with their owner’s rights are on a list and pinned', ['functionsArePinned']],
    [
      'RL11',
      'no table that was forgotten, no partition that is open',
      ['partitionsAreClosed', 'otherTablesAreListed'],
    ],
    ['RL13', 'every key begins with the tenant', ['keysBeginWithTheTenant']],
    [
      'RL25',
      'no role that serves may do more than read and write rows',
      ['rolesAreHarmless', 'nothingIsOpenByDefault'],
    ],
  ]

const MOST_SHOWN = 4

export const catalogSweeps: readonly Attack[] = QUESTIONS.map(([id, title, sweeps]) =>
  ofLogin(id, title, async database => {
    const problems: string[] = []
    for (const name of sweeps) {
      const sweep = SWEEPS[name]
      if (sweep !== undefined)
        problems.push(...(await database.inTransaction(session => sweep(readerOf(session)))))
    }
    if (problems.length === 0) return held('nothing found in the catalog')
    const more = problems.length > MOST_SHOWN ? `; and ${problems.length - MOST_SHOWN} more` : ''
    return found(`${problems.slice(0, MOST_SHOWN).join('; ')}${more}`)
  }),
)
