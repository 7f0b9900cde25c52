// One child as the parent sees it: gives it bytes, takes its text, and ends it when it is slow, large, silent or gone.
import type { ChildProcess } from 'node:child_process'
import { fault } from '../../../../platform/faults.ts'
import { fileLabel } from '../file-label.ts'
import { parseFault, warningSentence } from '../parse-faults.ts'
import { type ParseLimits, timeAllowed } from '../parse-limits.ts'
import type { FileSource, Parsed, ParseOptions } from '../parsing.ts'
import type { ParseReason } from '../refusal.ts'
import { childWords, type ChildWords } from './child-words.ts'
import type { ToChild } from './parser-messages.ts'
import { smallChunks } from './small-chunks.ts'
import { spawnParser } from './spawn-parser.ts'
import { watchChild } from './watch-child.ts'

export interface ParserChild {
  readonly group: string
  /** Whether it may be given another file. */
  usable(): boolean
  parse(source: FileSource, options: ParseOptions): Promise<Parsed>
  /** Whether it keeps the parent's process alive. */
  hold(held: boolean): void
  end(): void
}

const MAX_FILES = 200
/** Refusals of files that are only not for us: a folder full of pictures must not cost a new child for each. */
const HARMLESS: ReadonlySet<ParseReason> = new Set(['unsupported_type', 'wrong_type', 'too_large', 'no_text'])

/** How a child that ended by itself ended: V8 out of heap aborts, the system out of memory kills. */
const OUT_OF_MEMORY: ReadonlySet<string> = new Set(['SIGABRT', 'SIGTRAP', 'SIGKILL'])

/** The file in hand. */
interface Run {
  readonly file: number
  readonly options: ParseOptions
  readonly bytes: AsyncIterator<Uint8Array>
  readonly done: PromiseWithResolvers<Parsed>
  /** The child may be used again although it refused. */
  isHarmless: boolean
  /** Since when the child owes an answer; undefined while it waits for us. */
  owesSince: number | undefined
  spent: number
}

interface State {
  readonly process: ChildProcess
  readonly limits: ParseLimits
  files: number
  isUsable: boolean
  isReady: boolean
  run: Run | undefined
}

/** Spawns at once; a file may be given before the child is ready. */
export function parserChild(group: string, limits: ParseLimits): ParserChild {
  const process = spawnParser(limits.maxMemoryMb)
  const state: State = { process, limits, files: 0, isUsable: true, isReady: false, run: undefined }
  process.on('error', error => lost(state, error.message, null))
  process.on('exit', (code, signal) => lost(state, signal ?? `code ${code ?? 0}`, signal))
  process.on('message', message => hear(state, message))
  return {
    group,
    usable: () => state.isUsable && state.files < MAX_FILES,
    parse: (source, options) => parse(state, source, options),
    hold: held => hold(process, held),
    end: () => end(state),
  }
}

async function parse(state: State, source: FileSource, options: ParseOptions): Promise<Parsed> {
  const { limits } = state
  const run = newRun(++state.files, source, options)
  state.run = run
  const allowed = timeAllowed(limits, source.size)
  const endWatch = watchChild({
    pid: state.process.pid ?? 0,
    maxMemoryMb: limits.maxMemoryMb,
    timeLeft: () => allowed - run.spent - owed(run),
    over: reason => run.done.reject(parseFault({ reason }, limits)),
  })
  const abort = () => run.done.reject(fault('cancelled'))
  options.signal?.addEventListener('abort', abort)
  if (options.signal?.aborted === true) abort()
  try {
    const { name, mediaType, size } = source
    say(state, { kind: 'start', file: run.file, start: { label: fileLabel(name), mediaType, size, limits } })
    return await run.done.promise
  } catch (error) {
    if (!run.isHarmless) end(state)
    throw error
  } finally {
    state.run = undefined
    endWatch()
    options.signal?.removeEventListener('abort', abort)
    // Not awaited: a source that hangs must not hold the answer.
    run.bytes.return?.().catch(() => undefined)
  }
}

function newRun(file: number, source: FileSource, options: ParseOptions): Run {
  const bytes = smallChunks(source.bytes)
  const done = Promise.withResolvers<Parsed>()
  return { file, options, bytes, done, isHarmless: false, owesSince: undefined, spent: 0 }
}

/** The exit of a child that never began to work says nothing about the file. */
function lost(state: State, how: string, signal: NodeJS.Signals | null): void {
  state.isUsable = false
  const reason = signal !== null && OUT_OF_MEMORY.has(signal) ? 'parse_memory' : 'damaged'
  state.run?.done.reject(
    state.isReady
      ? parseFault({ reason, detail: `the parser ended: ${how}` }, state.limits)
      : fault('unavailable', { detail: `the parser did not start: ${how}` }),
  )
}

function hear(state: State, message: unknown): void {
  const words = childWords.safeParse(message).data
  if (words?.kind === 'ready') state.isReady = true
  const run = state.run
  if (run === undefined || words?.kind === 'ready') return
  if (words === undefined)
    return run.done.reject(parseFault({ reason: 'damaged', detail: 'strange words' }, state.limits))
  if (words.file !== run.file) return
  run.spent += owed(run)
  run.owesSince = undefined
  answer(state, run, words).catch((error: unknown) => run.done.reject(error))
}

async function answer(state: State, run: Run, words: Exclude<ChildWords, { kind: 'ready' }>): Promise<void> {
  const { file } = run
  if (words.kind === 'more') {
    const next = await run.bytes.next()
    say(state, { kind: 'bytes', file, bytes: next.done === true ? null : next.value })
  } else if (words.kind === 'text') {
    await run.options.onText({ text: words.text, page: words.page })
    say(state, { kind: 'taken', file })
  } else if (words.kind === 'done') {
    run.done.resolve({ ...words.parsed, warnings: words.parsed.warnings.map(warningSentence) })
  } else {
    run.isHarmless = HARMLESS.has(words.reason)
    const { reason, facts, because } = words
    run.done.reject(parseFault({ reason, facts, detail: because ?? undefined }, state.limits))
  }
}

function say(state: State, message: ToChild): void {
  if (state.run?.file !== message.file) return
  state.run.owesSince = performance.now()
  // A child that is gone is reported by its exit.
  if (state.process.connected) state.process.send(message, () => undefined)
}

function owed(run: Run): number {
  return run.owesSince === undefined ? 0 : performance.now() - run.owesSince
}

function hold(process: ChildProcess, held: boolean): void {
  if (held) process.ref()
  else process.unref()
  if (held) process.channel?.ref()
  else process.channel?.unref()
}

function end(state: State): void {
  state.isUsable = false
  state.process.kill('SIGKILL')
}
