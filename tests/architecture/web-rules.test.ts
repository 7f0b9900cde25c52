// Each rule about the sources of the page is broken on purpose: a check that cannot fail protects nothing.
// That the real page keeps the rules is the first test; `npm run check` asks the same.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { checkWebSources, type WEB_RULES } from '../../scripts/check/web-rules.ts'

const root = join(import.meta.dirname, '../..')

/** Path → text; every file of a plant is an offender. */
type Plant = Record<string, string>

const longText = Array.from({ length: 401 }, (_, index) => `// ${index}`).join('\n')

/** Every rule of WEB_RULES, or this does not compile. */
const PLANTS: Record<keyof typeof WEB_RULES, Plant> = {
  'the page takes of the server what it shares with it (SHARED_WITH_PAGE), and nothing else': {
    'web/src/api/server-1.ts': `import { a } from '../../../src/gate/operation.ts'`,
    'web/src/api/server-2.ts': `import type { A } from '../../../src/gate/operation.ts'`,
    'web/src/api/server-3.ts': `export type A = import('../../../src/gate/operation.ts').A`,
    'web/src/api/server-4.tsx': `export const a = () => import('../../../src/gate/operation.ts')`,
    'web/src/api/server-5.ts': `import { a } from '../../../src/protocols/client/../../gate/operation.ts'`,
    'web/src/api/server-6.ts': `import { a } from '../../../tests/harness/a.ts'`,
  },
  'what the page takes of the server runs anywhere: it brings nothing but its like': {
    'src/protocols/client/brings-1.ts': `import { join } from 'node:path'`,
    'src/protocols/client/brings-2.ts': `import { a } from '../../gate/operation.ts'`,
  },
  'the page asks the server in web/src/api only': {
    'web/src/parts/net-1.tsx': `export const A = () => { void fetch('/api/x'); return <p /> }`,
    'web/src/parts/net-2.ts': `export const a = () => new EventSource('/api/x')`,
    'web/src/parts/net-3.ts': `export const a = () => window.fetch('/api/x')`,
  },
  'the page keeps nothing in the browser': {
    'web/src/api/store-1.ts': `localStorage.setItem('a', 'b')`,
    'web/src/api/store-2.ts': `export const a = window.sessionStorage`,
    'web/src/api/store-3.ts': `export const a = globalThis['indexedDB']`,
  },
  'text never becomes HTML: text nodes and ranges only': {
    'web/src/parts/html-1.tsx': `export const A = () => <p dangerouslySetInnerHTML={{ __html: 'a' }} />`,
    'web/src/parts/html-2.ts': `export const a = (node: Element) => { node.innerHTML = 'a' }`,
    'web/src/parts/html-3.ts': `export const a = (node: Element) => node.insertAdjacentHTML('afterend', 'a')`,
    'web/src/parts/html-4.tsx': `export const A = () => <iframe title="a" srcDoc="a" />`,
  },
  'a file of the page has at most 400 lines': { 'web/src/parts/long.tsx': longText },
  'files and folders of the page are kebab-case': {
    'web/src/parts/CamelCase.tsx': '',
    'web/src/Folder/fine.ts': '',
  },
  'a name of the page says what is inside (no utils, helpers, common, manager, service, base, types.ts)': {
    'web/src/utils/fine.ts': '',
    'web/src/parts/types.ts': '',
    'web/src/parts/money-helpers.tsx': '',
  },
  'nothing of the page is left for later (no TODO or FIXME)': {
    'web/src/parts/later-1.tsx': `// ${'TO'}DO: mend`,
    'web/src/parts/later-2.css': `/* ${'FIX'}ME */`,
  },
  'exports of the page have names (no default export)': {
    'web/src/parts/default.tsx': `export default function Plant() { return <p /> }`,
  },
  'no barrels in the page: a file does not hand on what others wrote': {
    'web/src/parts/barrel-1.ts': `export * from './long.tsx'`,
    'web/src/parts/barrel-2.ts': `export { a } from './long.tsx'`,
  },
  'a folder of the page has at most 12 files (tests apart)': Object.fromEntries(
    Array.from({ length: 13 }, (_, index) => [`web/src/full/file-${index}.ts`, '']),
  ),
}

/** What looks like a violation and is none. */
const INNOCENT: Plant = {
  'src/protocols/client/taken.ts': `import type { A } from '../../gate/a.ts'\nimport '../../features/retrieval/ranking/rank.ts'`,
  'src/protocols/client/untaken.ts': `import 'node:path'`,
  'src/features/retrieval/ranking/rank.ts': '',
  'web/src/api/fine.ts': [
    `import type { A } from '../../../src/protocols/client/untaken.ts'`,
    `import { a } from '../../../src/protocols/client/taken.ts'`,
    `import { useState } from 'react'`,
    `export const a = (fetch: () => void) => fetch()`,
    `export const b = () => globalThis.fetch('/api/x')`,
  ].join('\n'),
  'web/src/parts/fine.tsx': `import { a } from '../api/fine.ts'\nexport const A = () => <p title="innerHTML">{a.localStorage}</p>`,
  'web/src/api/operations.gen.ts': `${longText}\nexport default 1`,
  'web/src/parts/fine.test.ts': `localStorage.clear()`,
}

/** Brings in what the plants of the server's files are. */
const TAKERS: Plant = {
  'web/src/api/taker.ts': `import { a } from '../../../src/protocols/client/brings-1.ts'`,
  'web/src/api/taker-2.ts': `import { a } from '../../../src/protocols/client/on-the-way.ts'`,
  'src/protocols/client/on-the-way.ts': `import './brings-2.ts'`,
}

let copy = ''
let found: readonly string[] = []
beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), 'gatehouse-web-rules-'))
  for (const [path, text] of [...Object.values(PLANTS), INNOCENT, TAKERS].flatMap(plant =>
    Object.entries(plant),
  )) {
    mkdirSync(dirname(join(copy, path)), { recursive: true })
    writeFileSync(join(copy, path), text)
  }
  found = checkWebSources(copy).faults
})
afterAll(() => rmSync(copy, { recursive: true }))

test('the page keeps its rules, and its files were seen', () => {
  const { faults, filesSeen } = checkWebSources(root)
  expect(faults).toEqual([])
  expect(filesSeen).toBeGreaterThan(30)
})

test.each(Object.entries(PLANTS))('%s', (rule, plant) => {
  const offenders = rule.startsWith('a folder') ? ['web/src/full'] : Object.keys(plant)
  for (const path of offenders)
    expect(
      found.filter(fault => fault.startsWith(path) && fault.endsWith(rule)),
      path,
    ).not.toEqual([])
})

test('what only looks like a violation is left in peace', () => {
  expect(found.filter(fault => Object.keys(INNOCENT).some(path => fault.includes(path)))).toEqual([])
})
