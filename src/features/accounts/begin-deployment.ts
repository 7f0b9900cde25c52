// The first operator of a deployment. While there is none, each start prints a link that works once and dies with the
// next start; whoever can read the terminal is who may begin.
import type { Account } from '../../gate/sign-in/account-rows.ts'
import { accountByEmail, addAccount, hasOperator } from '../../gate/sign-in/account-rows.ts'
import { requireGood } from '../../gate/sign-in/choose-password.ts'
import { spelledEmail } from '../../gate/sign-in/email-address.ts'
import { deadLink, newLink, useLink } from '../../gate/sign-in/one-time-links.ts'
import type { SignInDeps } from '../../gate/sign-in/sign-in.ts'
import { recordSignIn } from '../../gate/sign-in/sign-in-trail.ts'
import type { Database, Writer } from '../../platform/db/database.ts'
import { sql } from '../../platform/db/statements.ts'
import { fault } from '../../platform/faults.ts'
import type { Logger } from '../../platform/telemetry/logger.ts'
import { uuidv7 } from '../../platform/uuid-v7.ts'
import { linkAddress } from './link-address.ts'

export interface FirstOperator {
  readonly code: string
  readonly email: string
  readonly name: string
  readonly password: string
  readonly address: string | undefined
}

export interface BeginDeps extends Omit<SignInDeps, 'database' | 'log'> {
  readonly database: Pick<Database, 'system' | 'writeAs'>
  readonly publicUrl: string
  /** The ids of the sample tenants, of which the first operator becomes an owner. */
  readonly sampleTenants: () => Promise<readonly string[]>
  readonly log: Pick<Logger, 'warn'>
}

export interface BeginDeployment {
  /** A new link, and the end of older ones; undefined once there is an operator. */
  firstRunLink(): Promise<string | undefined>
  /** Makes the first operator's account and answers the cookie of its session. */
  begin(operator: FirstOperator, before?: string): Promise<string>
}

const LIFETIME_S = 86_400

export function beginDeploymentWith(deps: BeginDeps): BeginDeployment {
  const { database, hasher, takeAttempt, sessions, publicUrl } = deps
  return {
    async firstRunLink() {
      const made = await database.system('sign_in', async tx => {
        if (!(await hasOperator(tx))) return newLink(tx, { purpose: 'first_run', lifetimeS: LIFETIME_S })
        await tx.run(sql`delete from app.sign_in_link where purpose = 'first_run'`)
        return undefined
      })
      return made === undefined ? undefined : linkAddress(publicUrl, 'first-run', made.code)
    },
    async begin({ code, email: given, name, password, address }, before) {
      await takeAttempt({ address })
      const email = spelledEmail(given)
      requireGood(password, { email, name })
      const password_hash = await hasher.hash(password)
      const account = { id: uuidv7(), email, name, is_operator: true, password_hash }
      await database.system('sign_in', tx => addFirst(tx, code, account))
      const tenants = await ownedSamples(deps, account)
      return database.system('sign_in', async tx => {
        for (const tenantId of tenants)
          await tx.run(sql`
            insert into app.account_tenant (account_id, tenant_of, user_id) values (${account.id}, ${tenantId}, ${email})
            on conflict do nothing`)
        return sessions.begin(tx, account.id, { before })
      })
    },
  }
}

async function addFirst(
  tx: Writer,
  code: string,
  account: Account & { readonly password_hash: string },
): Promise<void> {
  await useLink(tx, 'first_run', code)
  if (await hasOperator(tx)) throw deadLink()
  const isTaken = (await accountByEmail(tx, account.email)) !== undefined
  if (isTaken || !(await addAccount(tx, account)))
    throw fault('conflict', {
      reason: 'account_exists',
      say: 'An account with this e-mail address exists: run `gatehouse account invite-operator` with it.',
    })
  await recordSignIn(tx, 'first_run', account.email)
}

/** Makes the operator an owner of the samples; a sample that cannot be had now does not stand in the way of beginning. */
async function ownedSamples(
  { database, sampleTenants, log }: BeginDeps,
  { email, name }: Account,
): Promise<string[]> {
  const owned: string[] = []
  for (const tenantId of await sampleTenants()) {
    try {
      const scope = { tenantId, subject: 'gatehouse:first-run', rights: ['people'] as const }
      const added = await database.writeAs(scope, tx =>
        tx.run(sql`
          insert into app.tenant_user (tenant_id, id, name, email, role)
          values (${tenantId}, ${email}, ${name}, ${email}, 'owner')
          on conflict do nothing`),
      )
      if (added === 1) owned.push(tenantId)
    } catch (error) {
      log.warn(
        { err: error, tenant_id: tenantId },
        'the first operator was not made an owner of a sample tenant',
      )
    }
  }
  return owned
}
