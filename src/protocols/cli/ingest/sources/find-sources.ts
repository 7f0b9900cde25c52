// Finds what the arguments of `ingest` mean: files, folders, patterns, URLs, standard input. Folders are read in the
// order of their names. Hidden entries, node_modules, temporary files and symbolic links below an argument are
// left out: a link inside leads to a file that is found anyway, one to the outside was not asked for.
import type { Stats } from 'node:fs'
import { glob, lstat, readdir, realpath, stat } from 'node:fs/promises'
import { basename, join, normalize, relative, resolve, sep } from 'node:path'
import { fault } from '../../../../platform/faults.ts'
import { fileId, isUrl, stdinSource, urlSource, type Source } from './source.ts'

type Sources = AsyncGenerator<Source, void, undefined>

const PATTERN_SIGN = /[*?[{]/
/** What editors, office programs and browsers leave beside a file while they work on it. */
const TEMPORARY = /^~\$|^#.*#$|~$|\.(tmp|temp|swp|swx|part|partial|crdownload|download)$/i

/** Whether an entry of a folder is passed over, by its name. */
export function isPassedOver(name: string): boolean {
  return name.startsWith('.') || name === 'node_modules' || TEMPORARY.test(name)
}

export interface FindOptions {
  /** What standard input is called. */
  readonly name?: string | undefined
  /** Stands in the keys for the folder's name, and before the name of a single file. */
  readonly keyPrefix?: string | undefined
  /** An argument that is not there (any more, or yet) means no sources instead of a mistake. */
  readonly mayMiss?: boolean
}

/** The sources of all arguments, each file once; throws `invalid_input` for what cannot have been meant. */
export async function findSources(args: readonly string[], options: FindOptions = {}): Promise<Source[]> {
  const { name, mayMiss = false } = options
  if (name !== undefined && !args.includes('-')) {
    throw fault('invalid_input', {
      say: '--name is for standard input (-): files and URLs bring their name.',
    })
  }
  const keyPrefix = checkedPrefix(args, options)
  const found = new Map<string, Source>()
  for (const argument of args) {
    for await (const source of sourcesOf(argument, { name, keyPrefix, mayMiss })) {
      const place = source.kind === 'file' ? resolve(source.label) : source.label
      if (!found.has(place)) found.set(place, source)
    }
  }
  const sources = [...found.values()]
  refuseSameKey(sources)
  return sources
}

/** Without the / at its end, which comes between prefix and path anyway. */
function checkedPrefix(args: readonly string[], { keyPrefix }: FindOptions): string | undefined {
  if (keyPrefix === undefined) return undefined
  if (args.every(isUrl)) {
    throw fault('invalid_input', {
      say: '--key-prefix is for files and standard input: a URL is its own key.',
    })
  }
  const prefix = keyPrefix.replace(/\/+$/, '')
  if (prefix.trim() === '') throw fault('invalid_input', { say: '--key-prefix is empty: give it a text.' })
  return prefix
}

/** The folder that an argument means, or the part of a pattern before its first sign. */
export function folderOf(pattern: string): string {
  const parts = normalize(pattern).split(sep)
  const first = parts.findIndex(part => PATTERN_SIGN.test(part))
  const fixed = parts.slice(0, first === -1 ? -1 : first).join(sep)
  if (fixed !== '') return fixed
  return parts[0] === '' ? sep : '.'
}

async function* sourcesOf(argument: string, { name, keyPrefix, mayMiss }: FindOptions): Sources {
  if (argument === '-') return yield stdinSource(name, keyPrefix)
  if (isUrl(argument)) return yield urlSource(argument)
  const stats = await stat(argument).catch(() => undefined)
  if (stats?.isFile() === true) {
    return yield fileSource(argument, fileId(basename(resolve(argument)), keyPrefix), stats)
  }
  if (stats?.isDirectory() === true) {
    return yield* inFolder({ folder: argument, keyName: keyPrefix ?? nameOf(argument) }, '')
  }
  if (stats !== undefined) {
    throw fault('invalid_input', { say: `${argument} is neither a file nor a folder; pipe it in with -.` })
  }
  // A name that exists is never a pattern, whatever signs are in it.
  if (PATTERN_SIGN.test(argument)) return yield* matching(argument, keyPrefix)
  if (mayMiss === true) return
  throw fault('invalid_input', { reason: 'no_such_path', say: `There is no file or folder ${argument}.` })
}

/**
 * What its files' keys begin with, so that equal paths in two folders are two documents. The name as it is written, not
 * the one a link leads to: `current` keeps its documents when it is turned to the next folder. Of / it is empty.
 */
function nameOf(folder: string): string {
  return basename(resolve(folder))
}

interface Root {
  readonly folder: string
  /** What the keys begin with. */
  readonly keyName: string
}

/** The files below the root's folder/`inside`, where `inside` has / between its parts and at its end, or is empty. */
async function* inFolder(root: Root, inside: string): Sources {
  const folder = join(root.folder, inside)
  const entries = await readdir(folder, { withFileTypes: true }).catch(errorCode)
  if (typeof entries === 'string') return yield unreadable(folder, fileId(inside, root.keyName), entries)
  for (const entry of entries.toSorted((one, other) => (one.name < other.name ? -1 : 1))) {
    const path = `${inside}${entry.name}`
    if (isPassedOver(entry.name)) continue
    if (entry.isDirectory()) yield* inFolder(root, `${path}/`)
    else if (entry.isFile()) yield await asSource(join(root.folder, path), fileId(path, root.keyName))
  }
}

async function* matching(pattern: string, keyPrefix: string | undefined): Sources {
  const folder = folderOf(pattern)
  const keyName = keyPrefix ?? nameOf(folder)
  const realFolder = await realpath(folder).catch(() => undefined)
  if (realFolder === undefined) return
  const paths: string[] = []
  for await (const path of glob(pattern, { exclude: path => basename(path) === 'node_modules' }))
    paths.push(path)
  for (const path of paths.toSorted()) {
    const inside = relative(folder, path).split(sep)
    if (inside.some(part => part !== '..' && isPassedOver(part))) continue
    const stats = await lstat(path).catch(() => undefined)
    if (stats?.isFile() !== true) continue
    // A link to a folder on the way: what is behind it was not asked for.
    if ((await realpath(path).catch(() => '')) !== join(realFolder, ...inside)) continue
    yield fileSource(path, fileId(inside.join('/'), keyName), stats)
  }
}

async function asSource(path: string, externalId: string): Promise<Source> {
  try {
    return fileSource(path, externalId, await lstat(path))
  } catch (error) {
    return unreadable(path, externalId, errorCode(error))
  }
}

function fileSource(path: string, externalId: string, stats: Stats): Source {
  const { size, mtimeMs, ino } = stats
  const stamp = `${size}:${mtimeMs}:${ino}`
  const name = basename(resolve(path))
  return { kind: 'file', label: normalize(path), name, externalId, bytes: size, stamp }
}

function unreadable(path: string, externalId: string, why: string): Source {
  const name = basename(resolve(path))
  const label = normalize(path)
  return { kind: 'file', label, name, externalId, bytes: 0, unreadable: why }
}

/** Two files with one key would become versions of one document, each run in turn. */
function refuseSameKey(sources: readonly Source[]): void {
  for (const [key, [one, other]] of Map.groupBy(sources, ({ externalId }) => externalId)) {
    if (one === undefined || other === undefined) continue
    throw fault('invalid_input', {
      reason: 'same_document',
      say: `${one.label} and ${other.label} would become one document (${key}): name their common folder, or give each a run of its own with --key-prefix.`,
    })
  }
}

function errorCode(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? 'unknown error'
}
