// The built page (web/dist), read once. What is served is what was in the folder then: a request names one of these
// files or none, so no path of a request ever reaches the disk.
import { readdirSync, readFileSync } from 'node:fs'
import { extname } from 'node:path'
import { ENCODINGS, type Encoding } from './content-encoding.ts'

export interface Asset {
  readonly type: string
  readonly whole: Buffer
  readonly encoded: ReadonlyMap<Encoding, Buffer>
}

export interface BuiltPage {
  readonly index: Buffer
  /** By their names in dist/assets, which hold a hash of what is inside. */
  readonly assets: ReadonlyMap<string, Asset>
}

const TYPES: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
}
/** The builder writes these beside each file that gets smaller by them. */
const SUFFIXES: Readonly<Record<Encoding, string>> = { br: '.br', gzip: '.gz' }

/** The page in that folder (a URL that ends in a slash); undefined when it was not built. */
export function readBuiltPage(folder: URL): BuiltPage | undefined {
  try {
    const assets = new URL('assets/', folder)
    return { index: readFileSync(new URL('index.html', folder)), assets: readAssets(assets) }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

function readAssets(folder: URL): ReadonlyMap<string, Asset> {
  // A symbolic link is no file here.
  const found = readdirSync(folder, { withFileTypes: true }).filter(entry => entry.isFile())
  const names = new Set(found.map(({ name }) => name))
  const read = (name: string): Buffer => readFileSync(new URL(encodeURIComponent(name), folder))
  const assets = [...names].flatMap(name => {
    const type = TYPES[extname(name)]
    if (type === undefined) return []
    const encoded = ENCODINGS.filter(encoding => names.has(name + SUFFIXES[encoding])).map(
      encoding => [encoding, read(name + SUFFIXES[encoding])] as const,
    )
    return [[name, { type, whole: read(name), encoded: new Map(encoded) }] as const]
  })
  return new Map(assets)
}
