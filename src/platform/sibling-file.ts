// Files that lie beside the code but are not imported: SQL, worker threads. One place resolves them, so that
// running from sources and running from a packed build find them alike.
import { readFileSync } from 'node:fs'

/** The URL of a file beside the module; in a packed build a `.ts` sibling has become `.js`. */
export function siblingFile(moduleUrl: string, name: string): URL {
  return new URL(moduleUrl.endsWith('.js') ? name.replace(/\.ts$/, '.js') : name, moduleUrl)
}

export function siblingText(moduleUrl: string, name: string): string {
  return readFileSync(siblingFile(moduleUrl, name), 'utf8')
}
