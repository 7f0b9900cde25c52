// All attacks, in the order they run: the wire first, then objects and search, then the database; at the end what was
// seen in passing.
import { type Attack, judged } from './attack.ts'
import { catalogSweeps } from './database/catalog.ts'
import { harmlessLogin, refusedStatements } from './database/login.ts'
import { closedPartitions, foreignWrites, forgedSeals, withoutSeal } from './database/seals.ts'
import { listSweep } from './objects/list-sweep.ts'
import { objectSweep } from './objects/object-sweep.ts'
import { stateHandles } from './objects/state-handles.ts'
import { closedDocument } from './search/closed-document.ts'
import { cachedAnswers, searchedCanaries, statisticsLeak } from './search/foreign-words.ts'
import { hostileQueries } from './search/hostile-queries.ts'
import { forgedTokens } from './tokens/forged-tokens.ts'
import { oddHeaders } from './tokens/odd-headers.ts'
import { switchedTenant, switchedUser, widerScope } from './tokens/switched-caller.ts'
import { expiredTokens, otherAudience, revokedToken } from './tokens/token-life.ts'
import { deepBodies, largeBodies, packedBodies } from './wire/bodies.ts'
import { crossOrigin, foreignHosts } from './wire/hosts.ts'
import { argumentAbuse, headersDisagree, legacyVerbs, poisonedTools, pollution } from './wire/mcp-messages.ts'
import { freeCredentials, routeSweep } from './wire/routes.ts'
import { metricsExposed, verboseAnswers } from './wire/surfaces.ts'

const canarySweep: Attack = {
  id: 'SWEEP-CANARY',
  title: 'the secrets of both tenants in any answer of this run to anybody else',
  run: async ({ wire }) => judged([undefined, ...wire.seen.leaks], `in none of ${wire.sent()} answers`),
}

/** By what they try, for people. */
export const ATTACK_GROUPS: readonly { readonly name: string; readonly attacks: readonly Attack[] }[] = [
  {
    name: 'credentials',
    attacks: [
      routeSweep,
      ...forgedTokens,
      otherAudience,
      expiredTokens,
      revokedToken,
      switchedTenant,
      switchedUser,
      widerScope,
      freeCredentials,
      oddHeaders,
    ],
  },
  {
    name: 'requests',
    attacks: [
      foreignHosts,
      crossOrigin,
      headersDisagree,
      legacyVerbs,
      pollution,
      argumentAbuse,
      poisonedTools,
      largeBodies,
      deepBodies,
      packedBodies,
      metricsExposed,
    ],
  },
  { name: 'objects', attacks: [listSweep, objectSweep, stateHandles] },
  {
    name: 'search',
    attacks: [searchedCanaries, cachedAnswers, statisticsLeak, closedDocument, ...hostileQueries],
  },
  {
    name: 'database',
    attacks: [
      harmlessLogin,
      withoutSeal,
      forgedSeals,
      ...catalogSweeps,
      closedPartitions,
      foreignWrites,
      ...refusedStatements,
    ],
  },
  { name: 'answers', attacks: [verboseAnswers, canarySweep] },
]

export const ATTACKS: readonly Attack[] = ATTACK_GROUPS.flatMap(({ attacks }) => attacks)
