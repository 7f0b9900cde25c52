// The attack sweeps as a check started from the page runs them: against this server's own port, by the operator who
// asked, in this process, so that no operator's credential goes over a wire.
import type { AttackOutcome, Attacker, AttackRun } from '../../features/system/isolation/attacker.ts'
import type { DeploymentPrincipal } from '../../gate/call.ts'
import type { Config } from '../../platform/config.ts'
import { asFault } from '../../platform/faults.ts'
import { attacked, refuseDeaf, targetOf } from './attack-deployment.ts'
import type { Attack } from './attack.ts'
import { ATTACK_GROUPS } from './attacks.ts'
import { NO_LOGIN } from './database/of-database.ts'
import type { Outcome } from './run-attacks.ts'
import { isLoopback } from '../../protocols/http/door/allowed-hosts.ts'

export interface IsolationAttacksDeps {
  readonly config: Config
  /** Whether this process answers tenants on its port; where it does not, the public address is attacked. */
  readonly servesTenants: boolean
  /** Runs a deployment's operation as this operator. */
  readonly operateAs: (
    principal: DeploymentPrincipal,
    name: string,
    input: Record<string, unknown>,
  ) => Promise<Record<string, unknown>>
  /** For tests: fewer attacks than there are. */
  readonly groups?: readonly { readonly name: string; readonly attacks: readonly Attack[] }[]
}

export function isolationAttacks(deps: IsolationAttacksDeps): Attacker {
  const { config, operateAs, groups = ATTACK_GROUPS } = deps
  const attacks = groups.flatMap(group => group.attacks)
  const groupOf = new Map(groups.flatMap(({ name, attacks }) => attacks.map(({ id }) => [id, name] as const)))
  const shown = (outcome: Outcome): AttackOutcome =>
    outcomeOf(inWords(outcome, config), groupOf.get(outcome.id) ?? '')
  return {
    planned: attacks.map(({ id, title }) => ({ id, title, group: groupOf.get(id) ?? '' })),
    async run({ principal, signal, onStage, onTenant, onOutcome }: AttackRun) {
      const { url, host } = addressOf(deps)
      await refuseDeaf(url, signal, host)
      const seen = new Set<string>()
      const outcome = (ended: Outcome): void => {
        seen.add(ended.id)
        onOutcome(shown(ended))
      }
      const told = { say: () => undefined, outcome, tenant: onTenant, stage: onStage }
      const run = (name: string, input: Record<string, unknown>) => operateAs(principal, name, input)
      const openOperator = async () => ({ run, close: async () => undefined })
      const attempt = { url, host, options: {}, deps: { config, openOperator, told }, signal }
      const { report, outcomes } = await attacked(attacks, attempt)
      // Where no tenant could be made, what the database's login alone could tell is told at the end.
      for (const ended of outcomes) if (!seen.has(ended.id)) outcome(ended)
      return { url: report.url, requests: report.requests }
    },
    async removeLeft(slug, principal) {
      try {
        await operateAs(principal, 'remove_tenant', { tenant: slug, confirm: slug })
        return false
      } catch (error) {
        if (asFault(error).code === 'not_found') return true
        throw error
      }
    },
  }
}

function outcomeOf(
  { id, title, verdict, happened, tries, ms, isBroken }: Outcome,
  group: string,
): AttackOutcome {
  const outcome = isBroken ? 'broke' : verdict === 'not run' ? 'not_run' : verdict
  return { id, title, group, outcome, detail: happened, tries, ms }
}

/** A page has no options of the command line to name. */
function inWords(outcome: Outcome, { database }: Config): Outcome {
  if (database.kind === 'server' || outcome.happened !== NO_LOGIN) return outcome
  return {
    ...outcome,
    happened: 'the embedded database has no logins to attack: on a PostgreSQL server this runs too',
  }
}

/** The own port, past whatever stands before it, by the name it answers to; else the public address. */
function addressOf({ config, servesTenants }: IsolationAttacksDeps): {
  readonly url: URL
  readonly host: string
} {
  const known = new URL(config.publicUrl)
  if (!servesTenants) return { url: known, host: known.host }
  const url = targetOf(undefined, config)
  return { url, host: isLoopback(config.host) ? url.host : known.host }
}
