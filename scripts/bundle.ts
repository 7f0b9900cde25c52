// `npm run build:web`: builds the page when it is missing or stale, and says what a browser loads. Too much script at
// first is a fault: that much has to arrive before anybody sees anything.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { buildPage } from '../bin/build-page.mjs'

export interface Bundle {
  /** One line for each file, and what they come to. */
  readonly report: readonly string[]
  /** kB of compressed script that index.html loads. */
  readonly initialKb: number
}

/** As Vite writes it. */
interface Chunk {
  readonly file: string
  readonly isEntry?: boolean
  readonly imports?: readonly string[]
  readonly css?: readonly string[]
}

type Manifest = Readonly<Record<string, Chunk>>

const INITIAL_LIMIT_KB = 250

/** Measures a dist folder. */
export function measureBundle(dist: string): Bundle {
  const manifest = JSON.parse(readFileSync(join(dist, '.vite', 'manifest.json'), 'utf8')) as Manifest
  const initial = initialFiles(manifest)
  const files = readdirSync(join(dist, 'assets'))
    .filter(name => /\.(?:js|css)$/.test(name))
    .map(name => ({ name, kb: gzipSync(readFileSync(join(dist, 'assets', name))).length / 1_000 }))
    .sort((a, b) => b.kb - a.kb)
  const first = files.filter(({ name }) => initial.has(`assets/${name}`))
  const scripts = first.filter(({ name }) => name.endsWith('.js'))
  const initialKb = scripts.reduce((sum, { kb }) => sum + kb, 0)
  if (scripts.length === 0) throw new Error(`${dist}: its manifest names no script that index.html loads`)
  const lines = files.map(file => {
    const when = first.includes(file) ? 'at first' : 'when needed'
    return `${file.kb.toFixed(1).padStart(7)} kB  ${file.name}  ${when}`
  })
  const sum = `${initialKb.toFixed(1)} kB of script at first, of ${INITIAL_LIMIT_KB} allowed (gzip)`
  return { report: [...lines, sum], initialKb }
}

export function bundleFaults({ initialKb }: Bundle): string[] {
  if (initialKb <= INITIAL_LIMIT_KB) return []
  return [
    `the page loads ${initialKb.toFixed(1)} kB of script at first, allowed are ${INITIAL_LIMIT_KB}: load what not everybody needs with import()`,
  ]
}

/** What the entry brings with it, itself included; what is imported at run time is not. */
function initialFiles(manifest: Manifest): ReadonlySet<string> {
  const seen = new Set<string>()
  const files = new Set<string>()
  const visit = (key: string): void => {
    const chunk = manifest[key]
    if (chunk === undefined || seen.has(key)) return
    seen.add(key)
    for (const file of [chunk.file, ...(chunk.css ?? [])]) files.add(file)
    for (const next of chunk.imports ?? []) visit(next)
  }
  for (const [key, { isEntry }] of Object.entries(manifest)) if (isEntry === true) visit(key)
  return files
}

async function main(): Promise<void> {
  const root = join(import.meta.dirname, '..')
  await buildPage(root)
  const bundle = measureBundle(join(root, 'web', 'dist'))
  for (const line of bundle.report) console.log(line)
  const faults = bundleFaults(bundle)
  for (const fault of faults) console.error(fault)
  if (faults.length > 0) process.exitCode = 1
}

if (import.meta.main) {
  await main().catch((error: unknown) => {
    console.error(`bundle: ${error instanceof Error ? error.message : String(error)}`)
    process.exitCode = 1
  })
}
