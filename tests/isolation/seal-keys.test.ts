// The keys of the tenant seal: they change while transactions run, and what was signed with a key that has gone is refused.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { TenantScope } from '../../src/platform/db/database.ts'
import { publishSealKeys, sealKeysIn } from '../../src/platform/db/seal-keys.ts'
import { sealedDatabase } from '../../src/platform/db/sealed-database.ts'
import { sql } from '../../src/platform/db/statements.ts'
import { fault } from '../../src/platform/faults.ts'
import type { TestDatabase } from '../harness/database.ts'
import { stateOf } from '../harness/refusal.ts'
import { openTwoTenants, ROLE_OF_THE_APP, type TwoTenants } from './two-tenants.ts'

let db: TestDatabase
let a: TenantScope
let visible: TwoTenants['visible']
beforeAll(async () => {
  ;({ db, a, visible } = await openTwoTenants())
})
afterAll(() => db.close())

describe('keys of the seal', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gatehouse-seal-'))
  })
  afterAll(async () => {
    await publishSealKeys(db.owner, [db.sealKey], 'replace')
    await rm(folder, { recursive: true, force: true })
  })

  async function ringed(name: string) {
    const ring = await sealKeysIn(join(folder, name, 'seal'))
    await publishSealKeys(db.owner, ring.all(), 'add')
    return {
      ring,
      database: sealedDatabase({ engine: db.app, sealKey: () => ring.current(), ...ROLE_OF_THE_APP }),
    }
  }

  test('a rotation overlaps: the old key is accepted until the next rotation, and refused then', async () => {
    const { ring, database } = await ringed('overlap')
    const first = ring.current()
    const withFirst = sealedDatabase({ engine: db.app, sealKey: () => first, ...ROLE_OF_THE_APP })
    const second = await ring.rotate(db.owner)
    expect(second.id).not.toBe(first.id)
    expect(await database.readAs(a, visible)).toStrictEqual([a.tenantId])
    expect(await withFirst.readAs(a, visible)).toStrictEqual([a.tenantId])
    await ring.rotate(db.owner)
    expect(await database.readAs(a, visible)).toStrictEqual([a.tenantId])
    expect(await stateOf(withFirst.readAs(a, visible))).toBe('42501')
    // What the file holds is what a restarted process signs with, and the one before.
    const restarted = await sealKeysIn(join(folder, 'overlap', 'seal'))
    expect(restarted.all().map(({ id }) => id)).toStrictEqual(ring.all().map(({ id }) => id))
    expect(restarted.current().secret.equals(ring.current().secret)).toBe(true)
  })

  test('rotations asked for at once happen one after the other: what signs in the end is what is accepted', async () => {
    const { ring, database } = await ringed('at-once')
    const reading = Array.from({ length: 100 }, () => database.readAs(a, visible))
    const made = await Promise.all([ring.rotate(db.owner), ring.rotate(db.owner), ring.rotate(db.owner)])
    expect(ring.all().map(({ id }) => id)).toStrictEqual([made[2].id, made[1].id])
    expect(await database.readAs(a, visible)).toStrictEqual([a.tenantId])
    const accepted = await db.asAdmin('select id from app.seal_key order by id')
    expect(accepted.map(({ id }) => id)).toStrictEqual(
      [made[1].id, made[2].id].toSorted((one, other) => (one < other ? -1 : 1)),
    )
    // What had begun before went through, or met a key that was gone two rotations later.
    await Promise.allSettled(reading)
  })

  test('a rotation that fails in the database changes nothing', async () => {
    const { ring, database } = await ringed('failing')
    const before = ring.current()
    const unwilling = { ...db.owner, transaction: () => Promise.reject(fault('unavailable')) }
    await expect(ring.rotate(unwilling)).rejects.toMatchObject({ code: 'unavailable' })
    expect(ring.current()).toBe(before)
    expect(await database.readAs(a, visible)).toStrictEqual([a.tenantId])
    expect((await ring.rotate(db.owner)).id).not.toBe(before.id)
  })

  test('a rotation under 500 concurrent transactions loses none', async () => {
    const { ring, database } = await ringed('busy')
    const insert = (n: number) =>
      sql`insert into app.term_stat (tenant_id, term, df) values (${a.tenantId}, ${`rotation-${n}`}, 1)`
    const writes = Array.from({ length: 500 }, (_, n) => database.writeAs(a, tx => tx.run(insert(n))))
    // After some have committed, before the last has begun: embedded, the rotation waits in the same queue.
    await writes[50]
    const [outcomes] = await Promise.all([Promise.allSettled(writes), ring.rotate(db.owner)])
    expect(outcomes.filter(({ status }) => status === 'rejected')).toStrictEqual([])
    const after = Array.from({ length: 20 }, () =>
      database.readAs(a, tx =>
        tx.first(sql<{ n: bigint }>`select count(*) as n from app.term_stat where term like 'rotation-%'`),
      ),
    )
    expect(new Set((await Promise.all(after)).map(row => row?.n))).toStrictEqual(new Set([500n]))
  })
})
