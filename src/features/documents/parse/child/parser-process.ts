// The child: reads one file after the other, of one group, for the parent that spawned it (parser-child.ts). It has no
// environment, writes nothing and reads from disk only its own code.
import type { FromChild, ToChild } from './parser-messages.ts'
import { readFile } from '../readers/read-file.ts'
import { Refusal } from '../refusal.ts'
import { textSink } from '../readers/text-sink.ts'

type Start = Extract<ToChild, { kind: 'start' }>

/** The file in hand: who waits for bytes, who waits until a text was taken. */
interface InHand {
  readonly file: number
  bytes: PromiseWithResolvers<Uint8Array | null> | undefined
  taken: PromiseWithResolvers<void> | undefined
}

let inHand: InHand | undefined

process.on('disconnect', () => process.exit())
process.on('message', (message: ToChild) => {
  if (message.kind === 'start') void readStarted(message)
  else if (message.file !== inHand?.file) return
  else if (message.kind === 'bytes') inHand.bytes?.resolve(message.bytes)
  else inHand.taken?.resolve()
})
tell({ kind: 'ready' })

async function readStarted({ file, start }: Start): Promise<void> {
  const mine: InHand = { file, bytes: undefined, taken: undefined }
  inHand = mine
  const sink = textSink(async (text, page) => {
    mine.taken = Promise.withResolvers()
    tell({ kind: 'text', file, text, page })
    await mine.taken.promise
  }, start.limits.maxCharacters)
  try {
    tell({ kind: 'done', file, parsed: await readFile(pulled(mine), start, sink) })
  } catch (error) {
    tell(refused(file, error))
  }
}

async function* pulled(mine: InHand): AsyncGenerator<Uint8Array> {
  for (;;) {
    mine.bytes = Promise.withResolvers()
    tell({ kind: 'more', file: mine.file })
    const bytes = await mine.bytes.promise
    if (bytes === null) return
    yield bytes
  }
}

/** A reader that fails otherwise than by refusing met a file it was not made for: the file counts as damaged. */
function refused(file: number, error: unknown): FromChild {
  const refusal = error instanceof Refusal ? error : new Refusal('damaged', {}, error)
  const { cause } = refusal
  const because = cause instanceof Error ? cause.name : null
  return { kind: 'refused', file, reason: refusal.reason, facts: refusal.facts, because }
}

function tell(message: FromChild): void {
  // The parent that went away has no use for the answer.
  if (process.connected) process.send?.(message)
}
