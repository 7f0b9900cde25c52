import { createHmac } from 'node:crypto'
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { OwnerDatabase } from './database.ts'
import { fixedSealKeys, formatSealKeys, newSealKey, parseSealKeys, sealKeysIn } from './seal-keys.ts'
import { mintSeal, pads } from './seal.ts'

describe('keys as text', () => {
  test('come back as they were written, newest first', () => {
    const keys = [newSealKey(), newSealKey()]
    expect(parseSealKeys(formatSealKeys(keys))).toStrictEqual(keys)
    expect(parseSealKeys(` ${formatSealKeys(keys).replace(',', ' , ')} \n`)).toStrictEqual(keys)
  })

  test.each([
    '',
    'k1',
    'k1:',
    `k1:${Buffer.alloc(31).toString('base64url')}`,
    `K1:${Buffer.alloc(32).toString('base64url')}`,
    `k.1:${Buffer.alloc(32).toString('base64url')}`,
    `${'k'.repeat(17)}:${Buffer.alloc(32).toString('base64url')}`,
    `${formatSealKeys([newSealKey()])},`,
  ])('%j is refused', text => {
    expect(() => parseSealKeys(text)).toThrow(expect.objectContaining({ code: 'invalid_input' }))
  })

  test('a refusal does not quote what may be a key', () => {
    expect(() => parseSealKeys('k1:hunter2')).toThrow(/^(?!.*hunter2)/s)
  })

  test('given by the environment: the first signs, all are published, and rotating says how it is done instead', async () => {
    const keys = [newSealKey(), newSealKey()]
    const ring = fixedSealKeys(formatSealKeys(keys))
    expect(ring.current()).toStrictEqual(keys[0])
    expect(ring.all()).toStrictEqual(keys)
    await expect(ring.rotate(undefined as unknown as OwnerDatabase)).rejects.toMatchObject({
      code: 'unsupported',
      say: expect.stringContaining('GATEHOUSE_SEAL_KEYS') as string,
    })
  })
})

describe('keys in a file', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gatehouse-seal-keys-'))
  })
  afterAll(() => rm(folder, { recursive: true }))

  test('are made at the first start, the owner’s alone, and found at the next', async () => {
    const file = join(folder, 'keys', 'seal')
    const first = await sealKeysIn(file)
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    expect((await sealKeysIn(file)).all()).toStrictEqual(first.all())
  })

  test.runIf(process.platform !== 'win32')('that others may read are refused', async () => {
    const file = join(folder, 'open')
    await writeFile(file, formatSealKeys([newSealKey()]), { mode: 0o644 })
    await expect(sealKeysIn(file)).rejects.toMatchObject({
      code: 'invalid_input',
      say: `${file} can be read by others; run: chmod 600 ${file}`,
    })
  })

  test('that are damaged are refused, not replaced: what they signed would be void', async () => {
    const file = join(folder, 'damaged')
    await writeFile(file, '', { mode: 0o600 })
    await expect(sealKeysIn(file)).rejects.toMatchObject({ code: 'invalid_input' })
    expect(await readFile(file, 'utf8')).toBe('')
  })
})

describe('a seal', () => {
  const words = {
    realm: 'tenant',
    tenantId: '0198aaaa-0000-7000-8000-000000000001',
    subject: 'ada',
    reads: 'all',
    lifetimeMs: 0,
    pid: 7,
  } as const

  test('has ten parts, however odd the subject', () => {
    for (const subject of ['ada', 'a.b.c', '', '🦉', `'; --`]) {
      expect(mintSeal(newSealKey(), { ...words, subject }).split('.')).toHaveLength(10)
    }
  })

  test('is never the same twice', () => {
    const key = newSealKey()
    const seals = Array.from({ length: 1_000 }, () => mintSeal(key, words))
    expect(new Set(seals).size).toBe(1_000)
  })

  test.each([32, 40, 63, 64])(
    'of a key of %i bytes is an HMAC-SHA256 that the two pads alone can check (RFC 2104)',
    bytes => {
      const secret = Buffer.alloc(bytes, 0xa5)
      const seal = mintSeal({ id: 'k', secret }, words)
      const payload = seal.slice(0, seal.lastIndexOf('.'))
      const { inner, outer } = pads(secret)
      expect([inner.length, outer.length]).toStrictEqual([64, 64])
      expect(inner.map((byte, i) => byte ^ (outer[i] ?? 0)).every(byte => byte === (0x36 ^ 0x5c))).toBe(true)
      expect(seal.slice(payload.length + 1)).toBe(createHmac('sha256', secret).update(payload).digest('hex'))
    },
  )
})
