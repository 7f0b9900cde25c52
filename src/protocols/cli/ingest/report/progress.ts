// How far a run has come, from what its watcher is told: pure arithmetic and one line of text.
import type { IngestionEvent } from '../follower.ts'
import type { Outcome } from '../outcome.ts'
import { byteText, durationText, printable } from './printable.ts'
import type { Watcher } from '../run-batch.ts'
import type { Source } from '../sources/source.ts'

export interface Progress extends Watcher {
  /** At most `width` columns; `seconds` since the run began. */
  text(seconds: number, width: number): string
}

interface UnderWay {
  stage: string
  /** Of the file's way, 0 to 1: half is sending it, half is what the server does with it. */
  fraction: number
}

export function progress(sources: readonly Source[]): Progress {
  const total = sources.reduce((sum, { bytes }) => sum + bytes, 0)
  const underWay = new Map<Source, UnderWay>()
  let [files, bytes, failed] = [0, 0, 0]

  function doneBytes(): number {
    return [...underWay].reduce((sum, [source, { fraction }]) => sum + source.bytes * fraction, bytes)
  }

  function stage(): string {
    const [first] = underWay
    return first === undefined ? '' : `${first[1].stage} ${printable(first[0].name)}`
  }

  return {
    started: source => void underWay.set(source, { stage: 'sending', fraction: 0 }),
    sent(source, count) {
      const one = underWay.get(source)
      if (one !== undefined && source.bytes > 0) one.fraction = Math.min(1, count / source.bytes) / 2
    },
    event(source, { kind, data }) {
      const one = underWay.get(source)
      if (one === undefined) return
      one.stage = STAGE_WORDS[kind] ?? one.stage
      if (kind === 'indexing') one.fraction = 0.5 + indexedPart(data) / 2
    },
    ended({ source, result }: Outcome) {
      underWay.delete(source)
      files++
      bytes += source.bytes
      if (result === 'failed') failed++
    },
    text(seconds, width) {
      const rate = doneBytes() / Math.max(seconds, 0.001)
      const left = rate > 0 && total > 0 ? `, ${durationText((total - doneBytes()) / rate)} left` : ''
      const parts = [
        `${files}/${sources.length} files`,
        `${byteText(doneBytes())}/${byteText(total)}`,
        `${byteText(rate)}/s${left}`,
        ...(failed === 0 ? [] : [`${failed} failed`]),
        stage(),
      ]
      const line = parts.filter(part => part !== '').join(' · ')
      return line.length <= width ? line : `${line.slice(0, Math.max(0, width - 1))}…`
    },
  }
}

const STAGE_WORDS: Readonly<Record<string, string>> = {
  accepted: 'waiting',
  fetching: 'fetching',
  parsing: 'reading',
  parsed: 'read',
  indexing: 'indexing',
}

function indexedPart({ characters_done: done, characters }: IngestionEvent['data']): number {
  return typeof done === 'number' && typeof characters === 'number' && characters > 0
    ? Math.min(1, done / characters)
    : 0
}
