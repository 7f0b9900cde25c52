// `gatehouse audit verify`: one audit or all of them, against heads that were kept.
import { fault } from '../../../platform/faults.ts'
import type { Operator } from '../operator.ts'
import { auditedBy, type Verification } from './audited.ts'
import type { SavedHeads } from './saved-heads.ts'

/** `undefined` is the deployment's own audit; else tenants, each by its id. */
export type Whose = readonly (string | undefined)[]

/** The deployment and every tenant that can be asked; one that is shut answers nobody. */
export async function everybody(operator: Operator, skipped: (slug: string) => void): Promise<Whose> {
  const { tenants } = (await operator.run('list_tenants', {})) as unknown as { tenants: Tenant[] }
  for (const { slug, status } of tenants) if (status !== 'active') skipped(slug)
  return [undefined, ...tenants.filter(({ status }) => status === 'active').map(({ id }) => id)]
}

/** Id or slug → id: heads are kept by id. */
export async function idOf(operator: Operator, tenant: string): Promise<string> {
  const answer = (await operator.run('get_tenant', { tenant })) as unknown as { tenant: Tenant }
  return answer.tenant.id
}

export async function verifyAudits(
  operator: Operator,
  whose: Whose,
  saved: SavedHeads | undefined,
): Promise<Verification[]> {
  const verified: Verification[] = []
  for (const tenantId of whose) {
    const audit = tenantId === undefined ? 'deployment' : `tenant:${tenantId}`
    // Whose it is a credential of a user does not say before the answer: then the only head there is must be its.
    const only = tenantId === undefined && saved?.length === 1 ? saved[0] : undefined
    const kept = saved?.find(one => one.audit === audit) ?? only
    if (saved !== undefined && kept === undefined && whose.length === 1)
      throw fault('invalid_input', { reason: 'no_saved_head', say: `The file holds no head of ${audit}.` })
    const head = kept && { chained_as: kept.chained_as, chain_hash: kept.chain_hash }
    const answer = await auditedBy(operator, tenantId).verify(head)
    if (kept !== undefined && kept.audit !== answer.audit)
      throw fault('invalid_input', {
        reason: 'no_saved_head',
        say: `The file holds no head of ${answer.audit}.`,
      })
    verified.push(answer)
  }
  return verified
}

/** One line an audit, then one a finding. */
export function verificationLines({
  audit,
  ok,
  rows,
  open_tail: tail,
  findings,
  more_findings,
}: Verification): string[] {
  const open =
    tail.rows === 0 ? 'nothing open' : `${tail.rows} not linked yet, since ${tail.oldest_at ?? '?'}`
  return [
    `${ok ? 'ok     ' : 'BROKEN '} ${audit}  ${rows} rows, ${open}`,
    ...findings.map(({ kind, chained_as, until, sequence }) => {
      const place =
        until === undefined || until === chained_as ? `${chained_as}` : `${chained_as} to ${until}`
      return `        ${WORDS[kind]} at place ${place}${sequence === undefined ? '' : ` (sequence ${sequence})`}`
    }),
    ...(more_findings ? ['        and more'] : []),
  ]
}

const WORDS: Record<Verification['findings'][number]['kind'], string> = {
  edited: 'a row was edited',
  removed: 'rows were removed',
  inserted: 'a row was put in',
  reordered: 'a row stands where another belongs',
  cut_off: 'the end was cut off',
  head_mismatch: 'the chain is another than its head says',
}

interface Tenant {
  readonly id: string
  readonly slug: string
  readonly status: string
}
