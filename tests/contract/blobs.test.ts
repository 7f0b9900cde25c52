// Blobs: whatever pieces bytes arrive in, the same bytes come out, with their hash; a lost answer may be asked for
// again; nobody else's blob is there; what nobody keeps goes.
import { createHash, randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import {
  appendToBlob,
  blobFacts,
  completeBlob,
  createBlob,
  keepBlob,
  readBlob,
  sweepBlobs,
  type BlobDoors,
  type BlobKey,
} from '../../src/platform/blobs/blobs.ts'
import { tenantDoors } from '../../src/platform/db/tenant-doors.ts'
import { uuidv7 } from '../../src/platform/uuid-v7.ts'
import { openTestDatabase, type TestDatabase } from '../harness/database.ts'
import { refusalOf } from '../harness/refusal.ts'

const MIB = 1_048_576

let db: TestDatabase
let tenantId: string
let doors: BlobDoors
beforeAll(async () => {
  db = await openTestDatabase()
  tenantId = await db.createTenant()
  doors = doorsOf(tenantId)
})
afterAll(() => db.close())

const doorsOf = (id: string): BlobDoors => tenantDoors(db.database, { tenantId: id, subject: 'x' })

const create = async (): Promise<BlobKey> => ({
  tenantId,
  blobId: await doors.write(tx => createBlob(tx, tenantId)),
})
const append = (key: BlobKey, offset: number, bytes: Uint8Array): Promise<number> =>
  doors.write(tx => appendToBlob(tx, key, offset, bytes))
const facts = (key: BlobKey) => doors.read(tx => blobFacts(tx, key))
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

async function filled(bytes: Uint8Array): Promise<BlobKey> {
  const key = await create()
  await append(key, 0, bytes)
  return key
}

async function completed(bytes: Uint8Array): Promise<BlobKey> {
  const key = await filled(bytes)
  await completeBlob(doors, key)
  return key
}

async function bytesOf(key: BlobKey): Promise<Buffer> {
  const pieces: Uint8Array[] = []
  for await (const piece of readBlob(doors.read, key)) pieces.push(piece)
  return Buffer.concat(pieces)
}

describe('bytes in, the same bytes out', () => {
  test('20 MB in odd pieces, with the hash of the whole', async () => {
    const bytes = randomBytes(20_000_003)
    const key = await create()
    const sizes = [1, 7, MIB - 1, MIB, MIB + 1, 3 * MIB + 5, 65_537]
    let offset = 0
    for (let i = 0; offset < bytes.length; i++) {
      const piece = bytes.subarray(offset, offset + (sizes[i % sizes.length] ?? 1))
      offset += piece.length
      expect(await append(key, offset - piece.length, piece)).toBe(offset)
    }
    expect(await completeBlob(doors, key)).toStrictEqual({ size: bytes.length, sha256: sha256(bytes) })
    expect((await bytesOf(key)).equals(bytes)).toBe(true)
    expect(await facts(key)).toMatchObject({ received: bytes.length, sha256: sha256(bytes), kept: false })
  })

  test('thousands of tiny pieces', async () => {
    const bytes = randomBytes(2_500)
    const key = await create()
    await doors.write(async tx => {
      for (let i = 0; i < bytes.length; i++) await appendToBlob(tx, key, i, bytes.subarray(i, i + 1))
    })
    await completeBlob(doors, key)
    expect((await bytesOf(key)).equals(bytes)).toBe(true)
  })

  test('no bytes at all', async () => {
    const key = await create()
    expect(await append(key, 0, new Uint8Array())).toBe(0)
    expect(await completeBlob(doors, key)).toStrictEqual({ size: 0, sha256: sha256(new Uint8Array()) })
    expect((await bytesOf(key)).length).toBe(0)
  })

  test('pieces are never over 1 MiB, and the caller may do anything in between: no transaction is open', async () => {
    const key = await completed(randomBytes(9 * MIB))
    for await (const piece of readBlob(doors.read, key)) {
      expect(piece.length).toBeLessThanOrEqual(MIB)
      // On the embedded engine's only session this would wait for ever; on a server the open-transaction mark throws.
      await expect(facts(key)).resolves.toBeDefined()
    }
  })
})

describe('an append', () => {
  test('whose answer was lost may be repeated, also one of several parts', async () => {
    const [first, second] = [randomBytes(1_000), randomBytes(2 * MIB + 3)]
    const key = await filled(first)
    expect(await append(key, 1_000, second)).toBe(2 * MIB + 1_003)
    expect(await append(key, 1_000, second)).toBe(2 * MIB + 1_003)
    await completeBlob(doors, key)
    expect((await bytesOf(key)).equals(Buffer.concat([first, second]))).toBe(true)
  })

  test.each([
    ['other bytes at the place of the last ones', 3, 'xyz'],
    ['the last bytes and more', 3, 'defg'],
    ['a piece of the last bytes', 5, 'f'],
    ['the first ones again', 0, 'abc'],
    ['both at once, one byte off', 0, 'abcdeF'],
    ['nothing, before the end', 3, ''],
    ['bytes after a gap', 7, 'h'],
    ['a negative offset', -1, 'a'],
    ['no number', Number.NaN, 'a'],
  ])('of %s is told where to continue, and changes nothing', async (_, offset, text) => {
    const key = await filled(Buffer.from('abc'))
    await append(key, 3, Buffer.from('def'))
    expect(await refusalOf(append(key, offset, Buffer.from(text)))).toMatchObject({
      code: 'conflict',
      reason: 'wrong_offset',
      say: 'The blob holds 6 bytes; continue at offset 6.',
    })
    await completeBlob(doors, key)
    expect((await bytesOf(key)).toString()).toBe('abcdef')
  })

  test('is taken once when several come at once', async () => {
    const key = await create()
    const attempts = Array.from({ length: 8 }, (_, i) => refusalOf(append(key, 0, Buffer.from([i, i]))))
    const refusals = (await Promise.all(attempts)).map(refusal => refusal?.reason ?? 'taken')
    expect(refusals.toSorted()).toStrictEqual(['taken', ...Array<string>(7).fill('wrong_offset')].toSorted())
    expect(await facts(key)).toMatchObject({ received: 2 })
  })

  test('to a complete blob is refused, unless it brings nothing new', async () => {
    const key = await filled(Buffer.from('abc'))
    await append(key, 3, Buffer.from('def'))
    const before = await completeBlob(doors, key)
    for (const [offset, text] of [
      [6, 'g'],
      [3, 'deF'],
      [0, 'abc'],
    ] as const) {
      expect(await refusalOf(append(key, offset, Buffer.from(text)))).toMatchObject({
        code: 'conflict',
        reason: 'blob_complete',
      })
    }
    expect(await append(key, 3, Buffer.from('def'))).toBe(6)
    expect(await append(key, 6, new Uint8Array())).toBe(6)
    expect(await completeBlob(doors, key)).toStrictEqual(before)
  })
})

describe('completion', () => {
  test('may be asked for again, and by several at once', async () => {
    const key = await filled(Buffer.from('abc'))
    const answers = await Promise.all(Array.from({ length: 4 }, () => completeBlob(doors, key)))
    expect([...answers, await completeBlob(doors, key)]).toStrictEqual(
      Array.from({ length: 5 }, () => ({ size: 3, sha256: sha256(Buffer.from('abc')) })),
    )
  })

  test('is refused when bytes arrive while it hashes; a hash never stands for other bytes', async () => {
    const key = await filled(Buffer.from('abc'))
    const interfering: BlobDoors = {
      read: doors.read,
      write: async fn => {
        await append(key, 3, Buffer.from('def'))
        return doors.write(fn)
      },
    }
    expect(await refusalOf(completeBlob(interfering, key))).toMatchObject({
      code: 'conflict',
      reason: 'blob_changed',
    })
    expect(await completeBlob(doors, key)).toStrictEqual({ size: 6, sha256: sha256(Buffer.from('abcdef')) })
  })

  test('comes before reading and keeping', async () => {
    const key = await filled(Buffer.from('abc'))
    const refused = { code: 'conflict', reason: 'blob_incomplete' }
    expect(await refusalOf(bytesOf(key))).toMatchObject(refused)
    expect(await refusalOf(doors.write(tx => keepBlob(tx, key)))).toMatchObject(refused)
  })
})

describe('a blob that is not there', () => {
  const attempts: [string, (of: BlobDoors, key: BlobKey) => Promise<unknown>][] = [
    ['facts', (of, key) => of.read(tx => blobFacts(tx, key))],
    ['append', (of, key) => of.write(tx => appendToBlob(tx, key, 0, Buffer.from('x')))],
    ['complete', (of, key) => completeBlob(of, key)],
    ['keep', (of, key) => of.write(tx => keepBlob(tx, key))],
    ['read', (of, key) => readBlob(of.read, key).next()],
  ]

  test.each(attempts)("%s: unknown, another tenant's and nonsense are the same", async (_, attempt) => {
    const key = await completed(Buffer.from('abc'))
    const stranger = await db.createTenant()
    const strange = doorsOf(stranger)
    const refusals = [
      await refusalOf(attempt(doors, { tenantId, blobId: uuidv7() })),
      await refusalOf(attempt(doors, { tenantId, blobId: "'; drop table app.blob" })),
      await refusalOf(attempt(strange, key)),
      await refusalOf(attempt(strange, { ...key, tenantId: stranger })),
    ]
    for (const refusal of refusals)
      expect(refusal).toMatchObject({ code: 'not_found', say: 'There is no such blob.', reason: undefined })
    expect(await facts(key)).toMatchObject({ received: 3, kept: false })
  })

  test('deleted while it is read: the reader is told, and gets no shorter file', async () => {
    const key = await completed(randomBytes(9 * MIB))
    const reading = readBlob(doors.read, key)
    await reading.next()
    await db.asAdmin('delete from app.blob where id = $1', [key.blobId])
    const rest = async (): Promise<void> => {
      while (!(await reading.next()).done);
    }
    expect(await refusalOf(rest())).toMatchObject({ code: 'not_found' })
  })
})

describe('the sweep', () => {
  const agedBy = (key: BlobKey, hours: number) =>
    db.asAdmin(`update app.blob set created_at = now() - $2 * interval '1 hour' where id = $1`, [
      key.blobId,
      hours,
    ])
  const isThere = async (key: BlobKey): Promise<boolean> => (await refusalOf(facts(key))) === undefined

  test("takes what nobody keeps and is older than a day, finished or not, and nobody else's", async () => {
    const other = await db.createTenant()
    const foreign = {
      tenantId: other,
      blobId: await doorsOf(other).write(tx => createBlob(tx, other)),
    }
    const [unfinished, unused, kept, young] = [
      await filled(Buffer.from('a')),
      await completed(Buffer.from('b')),
      await completed(Buffer.from('c')),
      await filled(Buffer.from('d')),
    ]
    await doors.write(tx => keepBlob(tx, kept))
    for (const key of [unfinished, unused, kept, foreign]) await agedBy(key, 25)
    await agedBy(young, 23)
    expect(await doors.write(tx => sweepBlobs(tx, tenantId))).toBe(2)
    expect(await Promise.all([unfinished, unused, kept, young].map(isThere))).toStrictEqual([
      false,
      false,
      true,
      true,
    ])
    expect(await db.asAdmin('select 1 from app.blob where id = $1', [foreign.blobId])).toHaveLength(1)
    expect(await doors.write(tx => sweepBlobs(tx, tenantId, { olderThanHours: 22 }))).toBe(1)
  })

  test('takes at most 100 a call', async () => {
    await db.asAdmin(
      `insert into app.blob (tenant_id, id, created_at) select $1, gen_random_uuid(), now() - interval '2 days' from generate_series(1, 120)`,
      [tenantId],
    )
    expect(await doors.write(tx => sweepBlobs(tx, tenantId))).toBe(100)
    expect(await doors.write(tx => sweepBlobs(tx, tenantId))).toBe(20)
  })

  test('takes no further blob once it has a gigabyte, the first one however large', async () => {
    await db.asAdmin(
      `insert into app.blob (tenant_id, id, received, created_at)
       select $1, gen_random_uuid(), 700000000, now() - interval '2 days' from generate_series(1, 3)`,
      [tenantId],
    )
    expect(await doors.write(tx => sweepBlobs(tx, tenantId))).toBe(2)
    expect(await doors.write(tx => sweepBlobs(tx, tenantId))).toBe(1)
  })
})

test.runIf(inject('engine') === 'postgres')(
  'reading and hashing 200 MB takes no more memory than 40 MB does',
  async () => {
    const peakOf = async (megabytes: number): Promise<number> => {
      const blobId = uuidv7()
      await db.asAdmin('insert into app.blob (tenant_id, id, received) values ($1, $2, $3)', [
        tenantId,
        blobId,
        megabytes * MIB,
      ])
      await db.asAdmin(
        `insert into app.blob_part (tenant_id, blob_id, start_at, data)
       select $1, $2, i * 1048576::bigint, decode(repeat(md5(i::text), 65536), 'hex') from generate_series(0, $3 - 1) as i`,
        [tenantId, blobId, megabytes],
      )
      let peak = 0
      const measured: BlobDoors = {
        ...doors,
        read: async fn => {
          peak = Math.max(peak, process.memoryUsage.rss())
          return doors.read(fn)
        },
      }
      const { size } = await completeBlob(measured, { tenantId, blobId })
      expect(size).toBe(megabytes * MIB)
      for await (const piece of readBlob(measured.read, { tenantId, blobId })) expect(piece.length).toBe(MIB)
      return peak
    }
    const few = await peakOf(40)
    const many = await peakOf(200)
    expect((many - few) / MIB).toBeLessThan(80)
  },
)
