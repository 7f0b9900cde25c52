// A CPU profile of the server as a table: which package or part of the source the processor's time went to.
import type { Lines } from './lines.ts'

export const PROFILE = 'Where the server spends its processor time'

interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number
    readonly callFrame: { readonly functionName: string; readonly url: string }
  }[]
  readonly samples: readonly number[]
  /** Microseconds between the samples. */
  readonly timeDeltas: readonly number[]
}

/** Smaller shares are added up as "everything else". */
const SMALLEST = 0.01

/** Self time by owner, in percent of the time that the processor worked. */
export function addProfile(text: string, lines: Lines): void {
  const { nodes, samples, timeDeltas } = JSON.parse(text) as CpuProfile
  const owners = new Map(nodes.map(({ id, callFrame }) => [id, ownerOf(callFrame)]))
  const spent = new Map<string, number>()
  for (const [at, id] of samples.entries()) {
    const owner = owners.get(id) ?? '(unknown)'
    spent.set(owner, (spent.get(owner) ?? 0) + (timeDeltas[at] ?? 0))
  }
  spent.delete('(idle)')
  const all = [...spent.values()].reduce((sum, time) => sum + time, 0)
  const shares = [...spent]
    .map(([owner, time]) => ({ owner, share: time / all }))
    .sort((a, b) => b.share - a.share)
  const small = shares.filter(({ share }) => share < SMALLEST)
  for (const { owner, share } of shares.filter(one => one.share >= SMALLEST))
    lines.add(PROFILE, { where: owner }, { '%': 100 * share })
  lines.add(
    PROFILE,
    { where: 'everything else' },
    { '%': 100 * small.reduce((sum, { share }) => sum + share, 0) },
  )
}

/** "pg (package)", "src/gate", "Node: http", "garbage collection". */
function ownerOf({ functionName, url }: { readonly functionName: string; readonly url: string }): string {
  if (functionName === '(idle)') return '(idle)'
  if (functionName === '(garbage collector)') return 'garbage collection'
  const name = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(url)?.[1]
  if (name !== undefined) return `${name} (package)`
  const ours = /\/(src\/(?:features\/|platform\/|protocols\/)?[^/]+)\//.exec(url)?.[1]
  if (ours !== undefined) return ours
  if (url.startsWith('node:'))
    return `Node: ${
      url
        .slice(5)
        .replace(/^internal\//, '')
        .split('/')[0] ?? ''
    }`
  // Native code of V8 and Node that has no script: system calls, parsing of JSON, crypto.
  return 'Node and V8, native'
}
