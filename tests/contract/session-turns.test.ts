// On the embedded engine's one session: who is waited for goes before background work, which gets its turn all the same.
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { tenantDoors } from '../../src/platform/db/tenant-doors.ts'
import { sql } from '../../src/platform/db/statements.ts'
import { openTestDatabase, type TestDatabase } from '../harness/database.ts'

const isEmbedded = inject('engine') === 'pglite'
let db: TestDatabase
let tenantId: string

beforeAll(async () => {
  db = await openTestDatabase()
  tenantId = await db.createTenant()
})
afterAll(() => db.close())

const slow = sql`select count(*) from generate_series(1, 200000)`
const quick = sql`select 1`

test.runIf(isEmbedded)(
  'a call waits for one transaction of the background, not for all that are queued',
  async () => {
    const order: string[] = []
    const background = tenantDoors(db.database, { tenantId, subject: 'b', isBackground: true })
    const call = tenantDoors(db.database, { tenantId, subject: 'c' })
    const queued = Array.from({ length: 10 }, (_, at) =>
      background.read(tx => tx.all(slow)).then(() => order.push(`background ${at}`)),
    )
    const asked = call.read(tx => tx.all(quick)).then(() => order.push('call'))
    await Promise.all([...queued, asked])
    expect(order.indexOf('call')).toBeLessThanOrEqual(1)
    expect(order.filter(one => one.startsWith('background'))).toEqual(
      Array.from({ length: 10 }, (_, at) => `background ${at}`),
    )
  },
)

test.runIf(isEmbedded)('calls without end do not keep the background from its turn', async () => {
  const background = tenantDoors(db.database, { tenantId, subject: 'b', isBackground: true })
  const call = tenantDoors(db.database, { tenantId, subject: 'c' })
  let isOver = false
  let calls = 0
  const flood = Array.from({ length: 4 }, async () => {
    while (!isOver) await call.read(tx => tx.all(quick)).then(() => calls++)
  })
  await background.read(tx => tx.all(quick))
  const callsBefore = calls
  isOver = true
  await Promise.all(flood)
  expect(callsBefore).toBeLessThan(100)
})

test('a wait that is given up leaves the others their turns', async () => {
  const gone = new AbortController()
  const waiting = db.database.readAs({ tenantId, subject: 'g', signal: gone.signal }, tx => tx.all(slow))
  gone.abort()
  await expect(waiting).rejects.toMatchObject({ code: 'cancelled' })
  const after = await db.database.readAs({ tenantId, subject: 'a' }, tx => tx.all(quick))
  expect(after).toHaveLength(1)
})
