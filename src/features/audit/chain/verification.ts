// Verifies a chain in the database, page by page, and says how it stands: what verify_audit, verify_deployment_audit and
// verify_ledger ask and answer alike.
import { z } from 'zod'
import type { Reader } from '../../../platform/db/database.ts'
import { sql } from '../../../platform/db/statements.ts'
import { hex, instant } from '../rows/listed-row.ts'
import type { ChainHead, Link } from './canonical.ts'
import { chainTable, type ChainOf } from './chain-table.ts'
import { checkLinks, type CheckedChain } from './check-chain.ts'
import { chainHead } from './link-rows.ts'

export const Head = z.strictObject({
  chained_as: z.int().min(0).describe('The last place of the chain.'),
  chain_hash: z
    .string()
    .regex(/^[0-9a-f]{64}$/, 'must be 64 hex digits')
    .describe('The hash there.'),
})

export const verifyInput = z.strictObject({
  saved_head: Head.optional().describe(
    'A head that was kept elsewhere: the chain must still pass through it, which shows that nothing before it was rewritten.',
  ),
})

export const verifyOutput = z.strictObject({
  audit: z.string().describe('Whose: deployment, or tenant:<id>.'),
  ok: z.boolean(),
  rows: z.int().describe('Rows that were checked.'),
  head: Head.nullable().describe(
    'Keep it elsewhere, and verify against it later. Null before the first row.',
  ),
  findings: z.array(
    z.strictObject({
      kind: z.enum(['edited', 'removed', 'inserted', 'reordered', 'cut_off', 'head_mismatch']),
      chained_as: z.int().describe('The place in the chain.'),
      until: z.int().optional().describe('The last place, where several are concerned.'),
      sequence: z.int().optional().describe('The sequence of the row that stands there.'),
    }),
  ),
  more_findings: z.boolean().describe('Whether there are more than are told.'),
  open_tail: z.strictObject({
    rows: z.int().describe('Rows that are not linked yet: nothing protects them for these few seconds.'),
    oldest_at: z.string().nullable(),
  }),
})

type SavedHead = z.output<typeof verifyInput>['saved_head']
type Read = <T>(fn: (tx: Reader) => Promise<T>) => Promise<T>

const PAGE = 1_000

/** Reads every row of the chain once, each page in a transaction of its own by `read`. */
export async function verifyChain(
  of: ChainOf,
  saved: SavedHead,
  read: Read,
): Promise<z.input<typeof verifyOutput>> {
  const check = checkLinks(chainTable(of).hashOf, saved === undefined ? undefined : chainHeadOf(saved))
  for (let last: Link | undefined; ; ) {
    const { rows, head, tail } = await read(tx => page(tx, of, last))
    check.page(rows)
    if (rows.length < PAGE) return { audit: nameOf(of), ...answer(check.end(head), { head, tail }) }
    last = rows.at(-1)
  }
}

function nameOf(of: ChainOf): string {
  if (of === 'deployment') return of
  return 'ledgerOf' in of ? `ledger:${of.ledgerOf}` : `tenant:${of.tenantId}`
}

interface Tail {
  readonly rows: number
  readonly oldest_us: bigint | null
}

/** The next rows, and in the same snapshot where the chain ends: it may be growing. */
async function page(tx: Reader, of: ChainOf, last: Link | undefined) {
  const { rows: table, columns, mine } = chainTable(of)
  // By id too: two rows in one place are what a check must not skip.
  const next =
    last === undefined
      ? sql`true`
      : sql`chained_as >= ${last.chained_as} and (chained_as, id) > (${last.chained_as}, ${last.id}::uuid)`
  const [rows, head, tail] = await Promise.all([
    tx.all(sql<Link>`
      select ${columns} from ${table} where ${mine} and chained_as is not null and ${next}
      order by chained_as, id limit ${PAGE}`),
    chainHead(tx, of),
    tx.first(sql<Tail>`
      select count(*)::int as rows, (extract(epoch from min(at) filter (where isfinite(at))) * 1000000)::bigint as oldest_us
      from ${table} where ${mine} and chained_as is null`),
  ])
  return { rows, head, tail }
}

function answer(
  { rows, findings, isCut }: CheckedChain,
  { head, tail }: { readonly head: ChainHead | undefined; readonly tail: Tail | undefined },
): Omit<z.input<typeof verifyOutput>, 'audit'> {
  const oldest = tail?.oldest_us ?? null
  return {
    ok: findings.length === 0,
    rows,
    head:
      head === undefined ? null : { chained_as: Number(head.chained_as), chain_hash: hex(head.chain_hash) },
    findings: findings.map(({ kind, chained_as, until, sequence }) => ({
      kind,
      chained_as: Number(chained_as),
      ...(until === undefined ? {} : { until: Number(until) }),
      ...(sequence === undefined ? {} : { sequence: Number(sequence) }),
    })),
    more_findings: isCut,
    open_tail: { rows: tail?.rows ?? 0, oldest_at: oldest === null ? null : instant(oldest) },
  }
}

export function chainHeadOf({ chained_as, chain_hash }: z.output<typeof Head>): ChainHead {
  return { chained_as: BigInt(chained_as), chain_hash: new Uint8Array(Buffer.from(chain_hash, 'hex')) }
}
