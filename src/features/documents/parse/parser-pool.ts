// Parses files in child processes, some at a time. A child is kept warm and reads file after file of one tenant; it is
// replaced after a failure, after 200 files and for another tenant, and ends when it is not needed.
import { fault } from '../../../platform/faults.ts'
import { parserChild, type ParserChild } from './child/parser-child.ts'
import { PARSE_LIMITS, type ParseLimits } from './parse-limits.ts'
import type { FileSource, Parsed, ParseOptions } from './parsing.ts'

export interface ParserPool {
  /** Throws a fault whose `reason` is one of PARSE_REASONS; one file's failure leaves the pool working. */
  parse(source: FileSource, options: ParseOptions): Promise<Parsed>
  /** Ends every child; what was being parsed fails as cancelled. */
  close(): Promise<void>
}

/** A child of another tenant's may be taken over only by ending it; for so long own files go first, to save that. */
const PATIENCE_MS = 500
const IDLE_MS = 10_000

interface Waiting {
  readonly group: string
  readonly since: number
  readonly turn: PromiseWithResolvers<ParserChild>
}

interface Pool {
  readonly size: number
  readonly limits: ParseLimits
  readonly idle: Map<ParserChild, NodeJS.Timeout>
  readonly busy: Set<ParserChild>
  readonly waiting: Waiting[]
  readonly closed: AbortController
}

/** `size`: how many files are read at the same time, each in a child of up to `maxMemoryMb`. */
export function parserPool(options: { size: number; limits?: Partial<ParseLimits> }): ParserPool {
  const pool: Pool = {
    size: options.size,
    limits: { ...PARSE_LIMITS, ...options.limits },
    idle: new Map(),
    busy: new Set(),
    waiting: [],
    closed: new AbortController(),
  }
  return {
    parse: (source, given) => parse(pool, source, given),
    close: async () => {
      pool.closed.abort()
      for (const { turn } of pool.waiting.splice(0)) turn.reject(fault('cancelled'))
      for (const child of [...pool.idle.keys(), ...pool.busy]) discard(pool, child)
      await Promise.resolve()
    },
  }
}

async function parse(pool: Pool, source: FileSource, options: ParseOptions): Promise<Parsed> {
  const signal = AbortSignal.any([
    pool.closed.signal,
    ...(options.signal === undefined ? [] : [options.signal]),
  ])
  const child = await taken(pool, options.group, signal)
  try {
    return await child.parse(source, { ...options, signal })
  } finally {
    giveBack(pool, child)
  }
}

/** A child for the caller alone; waits until one is free. */
async function taken(pool: Pool, group: string, signal: AbortSignal): Promise<ParserChild> {
  if (signal.aborted) throw fault('cancelled')
  const free = freeChild(pool, group)
  if (free !== undefined) return free
  const waiting: Waiting = { group, since: performance.now(), turn: Promise.withResolvers() }
  pool.waiting.push(waiting)
  const abort = () => {
    const at = pool.waiting.indexOf(waiting)
    if (at >= 0) pool.waiting.splice(at, 1)
    waiting.turn.reject(fault('cancelled'))
  }
  signal.addEventListener('abort', abort)
  try {
    return await waiting.turn.promise
  } finally {
    signal.removeEventListener('abort', abort)
  }
}

/** An idle child of the group, or a new one where there is room or an idle child to put out for it. */
function freeChild(pool: Pool, group: string): ParserChild | undefined {
  const idle = [...pool.idle.keys()]
  const own = idle.find(child => child.group === group && child.usable())
  if (own === undefined) {
    const other = idle[0]
    if (pool.busy.size + idle.length >= pool.size) {
      if (other === undefined) return undefined
      discard(pool, other)
    }
  }
  const child = own ?? parserChild(group, pool.limits)
  clearTimeout(pool.idle.get(child))
  pool.idle.delete(child)
  pool.busy.add(child)
  child.hold(true)
  return child
}

function giveBack(pool: Pool, child: ParserChild): void {
  pool.busy.delete(child)
  if (pool.closed.signal.aborted || !child.usable()) discard(pool, child)
  else {
    child.hold(false)
    const timer = setTimeout(() => discard(pool, child), IDLE_MS).unref()
    pool.idle.set(child, timer)
  }
  const next = nextWaiting(pool, child.group)
  if (next === undefined) return
  const free = freeChild(pool, next.group)
  if (free === undefined) pool.waiting.unshift(next)
  else next.turn.resolve(free)
}

/** Who waits longest; for a while, the same tenant's files first: for another's the child would have to be replaced. */
function nextWaiting(pool: Pool, group: string): Waiting | undefined {
  const [first] = pool.waiting
  if (first === undefined) return undefined
  const isImpatient = performance.now() - first.since > PATIENCE_MS
  const own = isImpatient ? -1 : pool.waiting.findIndex(waiting => waiting.group === group)
  return pool.waiting.splice(Math.max(0, own), 1)[0]
}

function discard(pool: Pool, child: ParserChild): void {
  clearTimeout(pool.idle.get(child))
  pool.idle.delete(child)
  child.end()
}
