import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { refuseReadableByOthers, writePrivateFile } from './private-file.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-private-'))
})
afterAll(() => rm(folder, { recursive: true }))

test('the file and its folder are the owner’s alone', async () => {
  const path = join(folder, 'keys', 'seal')
  await writePrivateFile(path, 'secret')
  expect((await stat(path)).mode & 0o777).toBe(0o600)
  expect((await stat(join(folder, 'keys'))).mode & 0o777).toBe(0o700)
  await expect(refuseReadableByOthers(path)).resolves.toBeUndefined()
})

test('it is replaced whole, also by many writers at once, and no draft stays', async () => {
  const path = join(folder, 'many', 'seal')
  const texts = Array.from({ length: 20 }, (_, n) => String(n).repeat(10_000))
  await Promise.all(texts.map(text => writePrivateFile(path, text)))
  expect(texts).toContain(await readFile(path, 'utf8'))
  expect(await readdir(join(folder, 'many'))).toStrictEqual(['seal'])
})

test('when it cannot be put in place, no draft stays', async () => {
  await writePrivateFile(join(folder, 'taken', 'inner'), 'x')
  await expect(writePrivateFile(join(folder, 'taken'), 'x')).rejects.toMatchObject({
    code: expect.stringMatching(/EISDIR|ENOTEMPTY|EEXIST|EPERM/) as string,
  })
  expect((await readdir(folder)).filter(name => name.includes('draft'))).toStrictEqual([])
})

test.runIf(process.platform !== 'win32')(
  'one that others may read is refused, and the refusal says how to close it',
  async () => {
    const path = join(folder, 'open')
    await writeFile(path, 'secret')
    for (const mode of [0o640, 0o604, 0o620]) {
      await chmod(path, mode)
      await expect(refuseReadableByOthers(path)).rejects.toMatchObject({
        code: 'invalid_input',
        say: `${path} can be read by others; run: chmod 600 ${path}`,
      })
    }
  },
)
