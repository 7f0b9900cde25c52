// Which packages a production install brings and which the built page holds, under which licences. Run directly, it
// writes THIRD_PARTY_NOTICES.md; `npm run check` asks it whether that file is stale and every licence allowed.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pagePackages } from '../bin/page-packages.mjs'

interface Locked {
  readonly version: string
  readonly dev?: boolean
  readonly license?: string
}

interface Dependency {
  readonly name: string
  readonly version: string
  readonly licence: string
}

const NOTICES = 'THIRD_PARTY_NOTICES.md'

const ALLOWED = new Set(
  'MIT ISC Apache-2.0 BSD-2-Clause BSD-3-Clause 0BSD PostgreSQL Unlicense BlueOak-1.0.0 CC0-1.0 Zlib'.split(
    ' ',
  ),
)

/** Packages whose manifest names a family of licences: the one that their licence file holds. */
const READ_IN_FILE: Readonly<Record<string, string>> = { duck: 'BSD-2-Clause' }

export function productionDependencies(root: string): Dependency[] {
  const { packages } = readJson<{ packages: Record<string, Locked> }>(join(root, 'package-lock.json'))
  return Object.entries(packages)
    .filter(([path, { dev }]) => path !== '' && dev !== true)
    .map(([path, { version, license }]) => {
      const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)
      const said = licenceOf(join(root, path, 'package.json')) ?? license ?? 'unknown'
      return { name, version, licence: READ_IN_FILE[name] ?? said }
    })
    .sort((a, b) => compare(a.name, b.name) || compare(a.version, b.version))
}

/** What the page is built from and ships with it. */
export function pageDependencies(root: string): Dependency[] {
  return pagePackages(join(root, 'web')).map(({ name, version, license, folder }) => ({
    name,
    version,
    licence: licenceOf(join(folder, 'package.json')) ?? license ?? 'unknown',
  }))
}

/** The package's own word; packages for other platforms are not installed, for those the lockfile's stands. */
function licenceOf(manifest: string): string | undefined {
  return existsSync(manifest) ? readJson<{ license?: string }>(manifest).license : undefined
}

/** An SPDX expression without nesting: one allowed alternative is enough, of a conjunction all must be allowed. */
export function isAllowed(licence: string): boolean {
  return licence
    .replace(/[()]/g, '')
    .split(' OR ')
    .some(choice => choice.split(' AND ').every(part => ALLOWED.has(part)))
}

export function notices(root: string): string {
  return [
    '# Third-party notices',
    '',
    'What a production install brings. Each package carries its licence text in its own folder.',
    'Written by `node scripts/notices.ts`; do not edit.',
    '',
    ...table(productionDependencies(root)),
    '## The page',
    '',
    'What is in the built page. Its folder holds their licence texts in `licences.txt`.',
    '',
    ...table(pageDependencies(root)),
  ].join('\n')
}

function table(dependencies: readonly Dependency[]): string[] {
  const rows = dependencies.map(each => `| ${each.name} | ${each.version} | ${each.licence} |`)
  return ['| Package | Version | Licence |', '|---|---|---|', ...new Set(rows), '']
}

export function writeNotices(root: string): void {
  writeFileSync(join(root, NOTICES), notices(root))
}

export function checkNotices(root: string): string[] {
  const all = [...productionDependencies(root), ...pageDependencies(root)]
  const refused = all.filter(({ licence }) => !isAllowed(licence))
  const isFresh =
    existsSync(join(root, NOTICES)) && readFileSync(join(root, NOTICES), 'utf8') === notices(root)
  return [
    ...refused.map(
      ({ name, licence }) => `${name}: its licence (${licence}) is not on the list in scripts/notices.ts`,
    ),
    ...(isFresh ? [] : [`${NOTICES}: stale; run node scripts/notices.ts`]),
  ]
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function readJson<T>(path: string): T {
  return JSON.parse(readFileSync(path, 'utf8')) as T
}

if (import.meta.main) writeNotices(join(import.meta.dirname, '..'))
