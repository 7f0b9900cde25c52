// What the parts of an export share: who asks, where to, what is counted, and how lists are walked.
import type { TenantCaller } from '../acting-in.ts'
import { fault } from '../../../platform/faults.ts'
import type { ExportFolder } from './export-folder.ts'

export interface Exporting {
  readonly caller: Pick<TenantCaller, 'run'>
  readonly folder: ExportFolder
  readonly progress: (line: string) => void
  readonly signal: AbortSignal
}

export type Item = Readonly<Record<string, unknown>>

/** A list that comes in pages. */
export interface Listing {
  readonly operation: string
  /** Where the items stand in an answer. */
  readonly items: string
  readonly input?: Item
  /** The answer's member that leads on, and the input's it goes into; without it the answer is the whole list. */
  readonly next?: { readonly from: string; readonly to: string }
}

export async function* allOf({ caller, signal }: Exporting, listing: Listing): AsyncGenerator<Item> {
  const { operation, items, input = {}, next } = listing
  for (let at: unknown; ; ) {
    const asked = next === undefined || at === undefined ? input : { ...input, [next.to]: at }
    const answer = await caller.run(operation, asked, signal)
    yield* answer[items] as Item[]
    at = next === undefined ? undefined : (answer[next.from] ?? undefined)
    if (at === undefined) return
  }
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

/** An id that becomes the name of a file: whoever answers, it leads nowhere else. */
export function idIn(item: Item, member: string): string {
  const id = item[member]
  if (typeof id === 'string' && UUID.test(id)) return id
  throw fault('unavailable', {
    say: `The server answered with an unusable ${member}; nothing more was exported.`,
  })
}
