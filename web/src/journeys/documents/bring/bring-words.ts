// How files on their way in are spoken of. Pure.
import { groupOf, type BroughtFile } from './brought-file.ts'

const OUTCOMES: Readonly<Record<string, string>> = {
  added: 'Added',
  updated: 'New version',
  unchanged: 'Unchanged: it was here already',
  superseded: 'Not taken: a newer file of this name came after it',
}

/** The stage of a file, in words. */
export function stageWords({ stage, size }: BroughtFile): string {
  switch (stage.at) {
    case 'waiting':
      return 'Waiting to be sent'
    case 'uploading':
      return `Uploading, ${percent(stage.sent, size)}`
    case 'adding':
      return 'Handing over'
    case 'queued':
      return 'Queued'
    case 'fetching':
      return 'Being fetched'
    case 'parsing':
      return 'Being read'
    case 'parsed':
      return `Read: ${stage.of.toLocaleString()} characters; being cut into passages`
    case 'indexing':
      return `Indexing its words, ${percent(stage.done, stage.of)}`
    case 'done':
      return doneWords(stage)
    case 'failed':
      return stage.trouble.say
  }
}

function doneWords({
  outcome,
  chunks,
}: {
  readonly outcome: string
  readonly chunks?: number | undefined
}): string {
  const words = OUTCOMES[outcome] ?? outcome
  return chunks === undefined ? words : `${words}, ${counted(chunks, 'passage')}`
}

/** Whether a file is found by words, and by likeness; undefined while neither is known. */
export function findableWords({ stage, vectors }: BroughtFile): string | undefined {
  if (stage.at !== 'done' || stage.outcome === 'superseded') return undefined
  if (vectors === undefined) return 'Words searchable'
  const { pending, passages, waits_for } = vectors
  if (pending === 0) return 'Words searchable, vectors ready'
  const why =
    waits_for === 'budget_exceeded'
      ? ': the budget has no room for them'
      : waits_for === 'price_unknown'
        ? ': their price is not known'
        : ''
  return `Words searchable, vectors of ${(passages - pending).toLocaleString()} of ${passages.toLocaleString()} passages${why}`
}

/** One line for all of them. */
export function summaryWords(files: readonly BroughtFile[]): string {
  const of = (group: string) => files.filter(file => groupOf(file) === group).length
  const [failed, running, waiting, done] = [of('failed'), of('running'), of('waiting'), of('done')]
  const parts = [
    `${done.toLocaleString()} of ${counted(files.length, 'file')} in`,
    ...(running > 0 ? [`${running.toLocaleString()} under way`] : []),
    ...(waiting > 0 ? [`${waiting.toLocaleString()} waiting`] : []),
    ...(failed > 0 ? [`${failed.toLocaleString()} failed`] : []),
  ]
  return parts.join(', ')
}

function percent(done: number, of: number | undefined): string {
  if (of === undefined || of === 0) return '0 %'
  return `${Math.min(100, Math.floor((done / of) * 100))} %`
}

export function counted(count: number, what: string): string {
  return `${count.toLocaleString()} ${what}${count === 1 ? '' : 's'}`
}

/** "1.4 MB", "912 bytes". */
export function sizeWords(bytes: number): string {
  if (bytes < 1_024) return counted(bytes, 'byte')
  const units = ['KB', 'MB', 'GB']
  let size = bytes / 1_024
  let unit = 0
  while (size >= 1_024 && unit < units.length - 1) {
    size /= 1_024
    unit++
  }
  return `${size.toLocaleString(undefined, { maximumFractionDigits: size < 10 ? 1 : 0 })} ${units[unit] ?? ''}`
}
