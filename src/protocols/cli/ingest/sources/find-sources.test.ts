import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join, relative } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { asFault } from '../../../../platform/faults.ts'
import { findSources, isPassedOver } from './find-sources.ts'

let root: string
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'gatehouse-sources-'))
  const files = [
    'docs/b.md',
    'docs/a.md',
    'docs/sub/deep/c.md',
    'docs/sub/d.txt',
    'docs/.hidden.md',
    'docs/.git/config.md',
    'docs/node_modules/pkg/readme.md',
    'docs/~$b.docx',
    'docs/draft.md~',
    'docs/x.swp',
    'elsewhere/secret.md',
    'other/b.md',
    'odd[1].md',
    'odd1.md',
  ]
  for (const file of files) {
    mkdirSync(dirname(join(root, file)), { recursive: true })
    writeFileSync(join(root, file), file)
  }
  symlinkSync('../elsewhere', join(root, 'docs/out'))
  symlinkSync('../elsewhere/secret.md', join(root, 'docs/out.md'))
  symlinkSync('.', join(root, 'docs/loop'))
  symlinkSync('docs', join(root, 'link-to-docs'))
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

const at = (path: string): string => join(root, path)
const idsOf = async (...args: string[]): Promise<string[]> =>
  (await findSources(args)).map(({ externalId }) => externalId)
const refusalOf = (args: readonly string[], name?: string) =>
  findSources(args, name === undefined ? {} : { name }).then(
    () => expect.unreachable(),
    (error: unknown) => asFault(error),
  )

const PATHS = ['a.md', 'b.md', 'sub/d.txt', 'sub/deep/c.md']
const below = (name: string): string[] => PATHS.map(path => `file:${name}/${path}`)
const ALL = below('docs')

test('a folder gives its files in order; hidden, temporary, node_modules and links are passed over', async () => {
  expect(await idsOf(at('docs'))).toEqual(ALL)
})

test('the key of a file stays the same however the folder is written, and from wherever', async () => {
  for (const written of [
    `${at('docs')}/`,
    at('docs/../docs/.'),
    at('docs/sub/..'),
    relative('.', at('docs')),
  ])
    expect(await idsOf(written), written).toEqual(ALL)
  const [one = ''] = await idsOf('.')
  expect(one.startsWith(`file:${basename(process.cwd())}/`), one).toBe(true)
})

test('a link to a folder has the name of the link, so that it can be turned to another folder', async () => {
  expect(await idsOf(at('link-to-docs'))).toEqual(below('link-to-docs'))
})

test('one path in two folders is two documents', async () => {
  expect([...(await idsOf(at('docs'))), ...(await idsOf(at('other')))]).toEqual([...ALL, 'file:other/b.md'])
})

test('the root folder has an empty name', async () => {
  // A pattern, since the folder itself is the whole disk.
  const docs = realpathSync(at('docs'))
  expect(await idsOf(`${docs.replace(/^\/(.)/, '/[$1]')}/a.md`)).toEqual([`file:${docs}/a.md`])
})

test('a key prefix stands for the name of the folder, and before the name of a file', async () => {
  const keyPrefix = '2026/client a'
  const idsWith = async (...args: string[]): Promise<string[]> =>
    (await findSources(args, { keyPrefix, name: args[0] === '-' ? 'in.md' : undefined })).map(
      ({ externalId }) => externalId,
    )
  expect(await idsWith(at('docs'))).toEqual(below(keyPrefix))
  expect(await idsWith(at('docs/**/*.{md,txt}'))).toEqual(below(keyPrefix))
  expect(await idsWith(at('docs/a.md'))).toEqual([`file:${keyPrefix}/a.md`])
  expect(await idsWith('-', 'https://example.com/x')).toEqual([
    `file:${keyPrefix}/in.md`,
    'https://example.com/x',
  ])
  const [slashed] = await findSources([at('docs/a.md')], { keyPrefix: `${keyPrefix}//` })
  expect(slashed?.externalId).toBe(`file:${keyPrefix}/a.md`)
})

test.for(['', ' ', '/'])('the key prefix %j is refused', async keyPrefix => {
  await expect(findSources([at('docs')], { keyPrefix })).rejects.toMatchObject({ code: 'invalid_input' })
})

test('a key prefix where every key is a URL is refused', async () => {
  const refused = findSources(['https://example.com/x'], { keyPrefix: 'a' })
  await expect(refused).rejects.toMatchObject({ code: 'invalid_input' })
})

test('a single file has the key of its name, also one that would be passed over in a folder', async () => {
  expect(await findSources([at('docs/.hidden.md')])).toMatchObject([
    { kind: 'file', name: '.hidden.md', externalId: 'file:.hidden.md', bytes: 'docs/.hidden.md'.length },
  ])
})

test('a pattern gives keys from the folder before its first sign, so that folder and pattern agree', async () => {
  expect(await idsOf(at('docs/**/*.{md,txt}'))).toEqual(ALL)
  expect(await idsOf(at('docs/sub/**/*.md'))).toEqual(['file:sub/deep/c.md'])
})

test('a pattern reaches through no link', async () => {
  expect(await idsOf(at('docs/*/secret.md'))).toEqual([])
  expect(await idsOf(at('docs/out*'))).toEqual([])
})

test('a name with pattern signs that exists is that file', async () => {
  expect((await findSources([at('odd[1].md')])).map(({ name }) => name)).toEqual(['odd[1].md'])
})

test('several arguments give each file once', async () => {
  const sources = await findSources([at('docs'), at('docs/a.md'), at('docs/*.md'), at('elsewhere')])
  expect(sources.map(({ externalId }) => externalId)).toEqual([...ALL, 'file:elsewhere/secret.md'])
})

test('two files that would become one document are refused', async () => {
  const refused = await refusalOf([at('docs/b.md'), at('other/b.md')])
  expect(refused).toMatchObject({ code: 'invalid_input', reason: 'same_document' })
  expect(refused.say).toContain('file:b.md')
  mkdirSync(at('other/docs'))
  writeFileSync(at('other/docs/a.md'), '')
  const sameName = await refusalOf([at('docs'), at('other/docs')])
  expect(sameName).toMatchObject({ code: 'invalid_input', reason: 'same_document' })
  expect(sameName.say).toContain('file:docs/a.md')
  rmSync(at('other/docs'), { recursive: true })
})

test('the key of a name is the same however its accents are composed', async () => {
  writeFileSync(at('e\u0301.md'), '')
  expect(await idsOf(at('e\u0301.md'))).toEqual(['file:\u00e9.md'])
  mkdirSync(at('e\u0301'))
  writeFileSync(at('e\u0301/a.md'), '')
  expect(await idsOf(at('e\u0301'))).toEqual(['file:\u00e9/a.md'])
})

test.runIf(process.getuid?.() !== 0)('a folder that may not be read is one source that says so', async () => {
  mkdirSync(at('closed/inner'), { recursive: true })
  writeFileSync(at('closed/open.md'), 'x')
  chmodSync(at('closed/inner'), 0o000)
  expect(await findSources([at('closed')])).toMatchObject([
    { externalId: 'file:closed/inner/', unreadable: 'EACCES' },
    { externalId: 'file:closed/open.md' },
  ])
  chmodSync(at('closed/inner'), 0o700)
})

test('a URL is its own key, without fragment; its name is the last part of its path', async () => {
  expect(await findSources(['https://example.com/a/terms%20of%20use.html?v=2#part'])).toMatchObject([
    {
      kind: 'url',
      name: 'terms of use.html',
      externalId: 'https://example.com/a/terms%20of%20use.html?v=2',
    },
  ])
  expect(await findSources(['http://example.com'])).toMatchObject([{ name: 'example.com' }])
})

test('standard input has the name it is given', async () => {
  expect(await findSources(['-'], { name: 'notes.md' })).toMatchObject([
    { kind: 'stdin', label: '-', name: 'notes.md', externalId: 'file:notes.md' },
  ])
})

test.for([
  [['no-such-file'], undefined, 'no-such-file'],
  [['-'], undefined, '--name'],
  [['.'], 'notes.md', '--name'],
  [['ftp://example.com/a'], undefined, 'http'],
  [['https://ada:pw@example.com/a'], undefined, 'password'],
  [['https://'], undefined, 'URL'],
  [['/dev/null'], undefined, 'neither'],
] as const)('%j is refused as a mistake of whoever typed it', async ([args, name, words]) => {
  const refused = await refusalOf(args, name)
  expect(refused.code).toBe('invalid_input')
  expect(refused.say).toContain(words)
  expect(refused.say).not.toContain('pw@')
})

test('while watching, what is not there has no sources', async () => {
  expect(await findSources([at('gone.md'), at('docs/sub')], { mayMiss: true })).toHaveLength(2)
})

test.for(['.a', '~$a.docx', 'a.md~', '#a#', 'a.TMP', 'a.part', 'a.crdownload', 'node_modules'])(
  '%s is passed over',
  name => expect(isPassedOver(name)).toBe(true),
)
test.for(['a.md', 'a~b.md', 'template', 'node_modules.md', 'download', '#a'])('%s is not', name =>
  expect(isPassedOver(name)).toBe(false),
)
