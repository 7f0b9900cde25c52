// What somebody sees on a terminal who watches a task: the list of its steps, drawn again in place, as frames of text.
import { stripVTControlCharacters } from 'node:util'
import type { Deployment } from '../deployment.ts'

/** Everything from here on away, before it is drawn again. */
const ERASED = '\u001b[0J'

export interface Watching {
  /** What was drawn, one after the other, when the watching has ended. */
  readonly frames: Promise<string[]>
}

/** Undefined where there is no `script` that makes a terminal. */
export async function watchOnTerminal({ run }: Deployment, command: string): Promise<Watching | undefined> {
  if ((await run('command -v script')).code !== 0) return undefined
  const watching = run(`script -qec '${command}' /dev/null`, {}, 120_000)
  const frames = watching.then(({ output }) =>
    output.split(ERASED).map(frame => stripVTControlCharacters(frame).replaceAll('\r', '').trim()),
  )
  // Whoever fails before it asks for them has said why.
  frames.catch(() => undefined)
  return { frames }
}
