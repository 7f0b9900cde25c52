// All that can be connected, in the order of the page.
import type { Client } from './client.ts'
import { CLAUDE_DESKTOP, CURSOR, VS_CODE } from './desktop.ts'
import { A2A, AI_SDK } from './programs.ts'
import { CLAUDE_CODE, CURL, INSPECTOR_CLI } from './terminal.ts'

export const CLIENTS: readonly Client[] = [
  CLAUDE_DESKTOP,
  CLAUDE_CODE,
  CURSOR,
  VS_CODE,
  INSPECTOR_CLI,
  CURL,
  AI_SDK,
  A2A,
]

/** The first for an id that is not known. */
export function clientOf(id: string | undefined): Client {
  return CLIENTS.find(client => client.id === id) ?? CLAUDE_DESKTOP
}
