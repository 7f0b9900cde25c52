import { expect, test, vi } from 'vitest'
import type { Database, Statement, Writer } from '../../platform/db/database.ts'
import { onWire } from '../../platform/db/statements.ts'
import { keyUses } from './key-uses.ts'

const TENANT = '0198c0de-0000-7000-8000-00000000000a'

/** A database that keeps what was written; `down` makes it fail. */
function aDatabase() {
  const at = { now: Date.UTC(2027, 0, 1), down: false, written: [] as { by: string; ids: string[] }[] }
  const writing = async (by: string, fn: (tx: Writer) => Promise<unknown>): Promise<never> => {
    if (at.down) throw new Error('the database is away')
    const run = async (statement: Statement): Promise<number> => {
      const [used] = onWire(statement).values ?? []
      at.written.push({ by, ids: (JSON.parse(String(used)) as { id: string }[]).map(({ id }) => id) })
      return 1
    }
    return (await fn({ run } as Writer)) as never
  }
  const database: Pick<Database, 'writeAs' | 'system'> = {
    writeAs: (scope, fn) => writing(scope.tenantId, fn),
    system: (reason, fn) => writing(reason, fn),
  }
  const warn = vi.fn<(...words: unknown[]) => void>()
  return { at, warn, uses: keyUses({ database, log: { warn }, clock: () => at.now }) }
}

test('uses are written together, those of a tenant under its own seal', async () => {
  const { at, uses } = aDatabase()
  for (let n = 0; n < 50; n++) uses.note({ id: 'a', tenantId: TENANT })
  uses.note({ id: 'b', tenantId: TENANT })
  uses.note({ id: 'o', tenantId: null })
  await uses.write()
  expect(at.written).toEqual([
    { by: TENANT, ids: ['a', 'b'] },
    { by: 'sign_in', ids: ['o'] },
  ])
  await uses.write()
  expect(at.written).toHaveLength(2)
})

test('a key is written at most once a minute, and its last use is not lost', async () => {
  const { at, uses } = aDatabase()
  uses.note({ id: 'a', tenantId: TENANT })
  await uses.write()
  at.now += 59_999
  uses.note({ id: 'a', tenantId: TENANT })
  await uses.write()
  expect(at.written).toHaveLength(1)
  at.now += 1
  await uses.write()
  expect(at.written).toHaveLength(2)
})

test('what is left is written at the end', async () => {
  const { at, uses } = aDatabase()
  uses.note({ id: 'a', tenantId: TENANT })
  await uses.write()
  uses.note({ id: 'a', tenantId: TENANT })
  await uses.stop()
  expect(at.written).toHaveLength(2)
})

test('a write that fails ends nothing and is logged', async () => {
  const { at, uses, warn } = aDatabase()
  at.down = true
  uses.note({ id: 'a', tenantId: TENANT })
  await uses.write()
  expect(warn).toHaveBeenCalledTimes(1)
  at.down = false
  uses.note({ id: 'a', tenantId: TENANT })
  await uses.write()
  expect(at.written).toHaveLength(1)
})
