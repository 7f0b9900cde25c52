import { describe, expect, test } from 'vitest'
import type { Engine } from './engine/engine.ts'
import { ownerDatabase } from './owner-database.ts'
import { newSealKey } from './seal-keys.ts'
import { sealedDatabase } from './sealed-database.ts'
import { sql } from './statements.ts'

describe('RL04 a tenant id that is no UUID never reaches SQL', () => {
  const ids = [
    `x'; set local role postgres; --`,
    '',
    ' ',
    'tenant-123',
    '0198AAAA-0000-7000-8000-000000000001',
    '0198aaaa00007000800000000000000f',
    '{0198aaaa-0000-7000-8000-000000000001}',
    '0198aaaa-0000-7000-8000-000000000001\n',
    '0198aaaa-0000-7000-8000-000000000001.x',
    '\0',
  ]
  const untouched: Engine = {
    kind: 'postgres',
    acquire: () => {
      throw new Error('the engine was asked')
    },
    close: () => Promise.resolve(),
  }
  const key = newSealKey()
  const nothing = () => Promise.resolve()
  test.each([...ids, undefined as unknown as string])('%j', async tenantId => {
    const database = sealedDatabase({ engine: untouched, sealKey: () => key })
    const owner = ownerDatabase({ engine: untouched, sealKey: () => key, role: 'gatehouse_owner' })
    const refused = { code: 'internal', message: 'a tenant that is no UUID never reaches the database' }
    await expect(database.readAs({ tenantId, subject: 'x' }, nothing)).rejects.toMatchObject(refused)
    await expect(database.writeAs({ tenantId, subject: 'x' }, nothing)).rejects.toMatchObject(refused)
    await expect(database.readBatchAs({ tenantId, subject: 'x' }, [sql`select 1`])).rejects.toMatchObject(
      refused,
    )
    await expect(owner.maintain(tenantId, nothing)).rejects.toMatchObject(refused)
  })
})
