// What counts as loaded at first, on a dist folder of a few files.
import { randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { bundleFaults, measureBundle } from './bundle.ts'

let dist: string
beforeEach(() => {
  dist = mkdtempSync(join(tmpdir(), 'gatehouse-bundle-'))
  mkdirSync(join(dist, 'assets'))
  mkdirSync(join(dist, '.vite'))
})
afterEach(() => rmSync(dist, { recursive: true, force: true }))

const MANIFEST = {
  'index.html': {
    file: 'assets/index.js',
    isEntry: true,
    imports: ['shared'],
    dynamicImports: ['later'],
    css: ['assets/index.css'],
  },
  shared: { file: 'assets/shared.js', imports: ['index.html'] },
  later: { file: 'assets/later.js', imports: ['shared'] },
}

/** Files of so many kB that do not get smaller. */
function build(sizes: Record<string, number>, manifest: unknown = MANIFEST) {
  for (const [name, kb] of Object.entries(sizes))
    writeFileSync(join(dist, 'assets', name), randomBytes(kb * 1_000))
  writeFileSync(join(dist, '.vite/manifest.json'), JSON.stringify(manifest))
  return measureBundle(dist)
}

test('the entry and what it imports are loaded at first, what it imports at run time and styles are no script of it', () => {
  const { initialKb, report } = build({ 'index.js': 100, 'shared.js': 20, 'later.js': 400, 'index.css': 300 })
  expect(Math.round(initialKb)).toBe(120)
  expect(report.find(line => line.includes('later.js'))).toMatch(/400\.\d kB {2}later\.js {2}when needed/)
  expect(report.find(line => line.includes('shared.js'))).toContain('at first')
  expect(bundleFaults({ initialKb, report })).toEqual([])
})

test('more than 250 kB at first is a fault', () => {
  const bundle = build({ 'index.js': 200, 'shared.js': 51, 'later.js': 1, 'index.css': 1 })
  expect(bundleFaults(bundle).join()).toContain('allowed are 250')
})

test('a manifest without an entry measures nothing, and says so', () => {
  expect(() => build({ 'index.js': 1 }, {})).toThrow('names no script')
})
