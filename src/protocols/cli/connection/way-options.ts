// Which Gatehouse a command asks: --url and --token-file, or GATEHOUSE_URL and GATEHOUSE_TOKEN. A credential is never
// an argument: the list of processes and the history of the shell would show it.
import { readFileSync } from 'node:fs'
import type { Command } from 'commander'
import type { Config } from '../../../platform/config.ts'
import { fault } from '../../../platform/faults.ts'

export interface WayOptions {
  readonly url?: string
  readonly tokenFile?: string
}

export interface RemoteWay {
  readonly url: string
  readonly token: string
}

export function addWayOptions(command: Command): Command {
  return command
    .option('--url <url>', 'ask the Gatehouse at this address (default: GATEHOUSE_URL, else this machine’s)')
    .option(
      '--token-file <file>',
      'with --url: the file that holds the credential (default: GATEHOUSE_TOKEN)',
    )
}

/** The Gatehouse elsewhere that was named; undefined for the one on this data folder. */
export function chosenWay(options: WayOptions, remote: Config['remote']): RemoteWay | undefined {
  const url = options.url ?? remote.url
  if (url === undefined) {
    if (options.tokenFile === undefined) return undefined
    throw fault('invalid_input', { say: '--token-file needs --url or GATEHOUSE_URL: the Gatehouse to ask.' })
  }
  const token = options.tokenFile === undefined ? remote.token?.reveal() : tokenIn(options.tokenFile)
  if (token !== undefined) return { url, token }
  throw fault('unauthenticated', {
    reason: 'missing',
    say: `Set GATEHOUSE_TOKEN (or GATEHOUSE_TOKEN_FILE, or --token-file) to the credential for ${url}.`,
  })
}

function tokenIn(file: string): string {
  let text: string
  try {
    text = readFileSync(file, 'utf8').trim()
  } catch (error) {
    const { code = 'unknown reason' } = error as NodeJS.ErrnoException
    throw fault('invalid_input', { say: `--token-file: ${file} cannot be read (${code}).`, because: error })
  }
  if (/^[\x21-\x7e]+$/.test(text)) return text
  throw fault('invalid_input', { say: `--token-file: ${file} must hold one line of printable ASCII.` })
}

/** What a signed token begins with, and our keys; see gate/tokens. */
const CREDENTIAL = /^(?:eyJ[\w-]+\.|ghk_|gho_)/

/** Throws when an argument looks like a credential; the sentence does not repeat it. */
export function refuseCredentials(argv: readonly string[]): void {
  const isSecret = (word: string): boolean => CREDENTIAL.test(word.replace(/^--?[\w-]+=/, ''))
  if (!argv.some(word => isSecret(word) || /^--token(?:=|$)/.test(word))) return
  throw fault('invalid_input', {
    reason: 'credential_in_arguments',
    say: 'A credential must not be an argument: other users see it. Put it into GATEHOUSE_TOKEN, GATEHOUSE_TOKEN_FILE or --token-file. If it was one, revoke it.',
  })
}
