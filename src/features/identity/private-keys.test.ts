import { exportJWK, generateKeyPair, type JWK } from 'jose'
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { privateKeys, type PrivateKeys } from './private-keys.ts'

const KID = 'key-0001'
let jwk: JWK
let dataDir: string
let path: string
let keys: PrivateKeys

beforeAll(async () => {
  jwk = await exportJWK((await generateKeyPair('RS256', { extractable: true })).privateKey)
})
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'gatehouse-private-keys-'))
  path = join(dataDir, 'keys', 'signing', `${KID}.json`)
  keys = privateKeys(dataDir)
})
afterEach(() => rm(dataDir, { recursive: true }))

test('a key that was written signs again, cannot be taken out of memory, and leaves no draft behind', async () => {
  await keys.write(KID, jwk)
  const key = await keys.read(KID)
  expect(key).toMatchObject({ type: 'private', extractable: false })
  expect(await readdir(join(dataDir, 'keys', 'signing'))).toEqual([`${KID}.json`])
})

test('file and folders are their owner’s alone', async () => {
  await keys.write(KID, jwk)
  const modes = [path, join(path, '..'), join(path, '..', '..')].map(async one =>
    ((await stat(one)).mode & 0o777).toString(8),
  )
  expect(await Promise.all(modes)).toEqual(['600', '700', '700'])
})

test.each([0o640, 0o604, 0o660, 0o610])(
  'a file that others can use (mode %o) is refused, with the command that mends it',
  async mode => {
    await keys.write(KID, jwk)
    await chmod(path, mode)
    await expect(keys.read(KID)).rejects.toMatchObject({
      say: expect.stringContaining(`chmod 600 ${path}`) as string,
    })
  },
)

test('a key this host does not have is undefined', async () => {
  expect(await keys.read(KID)).toBeUndefined()
  await keys.write(KID, jwk)
  await keys.remove(KID)
  await keys.remove(KID)
  expect(await keys.read(KID)).toBeUndefined()
})

test.each(['', '{', '{}', '[]', '{"kty":"oct","k":"AAAA"}'])(
  'a file that holds %j is named, not quoted',
  async text => {
    await keys.write(KID, jwk)
    await writeFile(path, text)
    const problem = await keys.read(KID).catch((error: unknown) => error)
    expect(problem).toMatchObject({ code: 'internal', message: expect.stringContaining(KID) as string })
    expect(problem).not.toHaveProperty('cause')
  },
)

test.each(['../../etc', 'a/b', 'a\u0000b', '', 'short', '.'.repeat(10)])('%j names no file', async kid => {
  expect(() => keys.write(kid, jwk)).toThrow('not the name of a signing key')
  await expect(keys.read(kid)).rejects.toThrow('not the name of a signing key')
  expect(() => keys.remove(kid)).toThrow('not the name of a signing key')
})

test('the public half alone is refused', async () => {
  await keys.write(KID, { kty: 'RSA', n: String(jwk.n), e: String(jwk.e) })
  await expect(keys.read(KID)).rejects.toMatchObject({ code: 'internal' })
  expect(await readFile(path, 'utf8')).toContain('RSA')
})
