// What is taken in: one file, URL or standard input, and the key under which its document is found again.
import { basename } from 'node:path'
import { fault } from '../../../../platform/faults.ts'

export interface Source {
  readonly kind: 'file' | 'url' | 'stdin'
  /** As a person knows it: the path from the working folder, the URL, or '-'. */
  readonly label: string
  readonly name: string
  readonly externalId: string
  /** Bytes, as far as they are known before it is read. */
  readonly bytes: number
  /** Tells one state of a file from the next; only of files. */
  readonly stamp?: string
  /** Why it cannot be read, when that is known already. */
  readonly unreadable?: string
}

/**
 * The key of `path` (with / between its parts) below a folder's name or a prefix; without one, of the path alone. The
 * root folder has the empty name, so its files begin with /.
 */
export function fileId(path: string, below?: string): string {
  const whole = below === undefined ? path : `${below}/${path}`
  // File systems differ in how they compose an é; the document is to be the same one.
  return `file:${whole.normalize('NFC')}`
}

export function isUrl(argument: string): boolean {
  return /^[a-z][a-z0-9+.-]+:\/\//i.test(argument)
}

export function urlSource(argument: string): Source {
  const url = URL.canParse(argument) ? new URL(argument) : undefined
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw fault('invalid_input', { say: `${argument} is no http or https URL.` })
  }
  if (url.username !== '' || url.password !== '') {
    // It would be stored as the document's key, for every reader to see.
    throw fault('invalid_input', { say: `Take user and password out of the URL of ${url.host}.` })
  }
  url.hash = ''
  const lastPart = decoded(basename(url.pathname))
  const name = lastPart === '' ? url.host : lastPart
  return { kind: 'url', label: url.href, name, externalId: url.href, bytes: 0 }
}

export function stdinSource(name: string | undefined, keyPrefix?: string): Source {
  if (name === undefined || name === '') {
    throw fault('invalid_input', { say: 'Standard input has no name: give it one with --name <name>.' })
  }
  return { kind: 'stdin', label: '-', name, externalId: fileId(name, keyPrefix), bytes: 0 }
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
