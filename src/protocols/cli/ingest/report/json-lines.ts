// What programs read: one JSON object a line, for each thing that happened and, at the end, for the sum.
import { jsonText } from '../../output.ts'
import { LAST_KINDS, type IngestionEvent } from '../follower.ts'
import type { Outcome, Summary } from '../outcome.ts'
import type { Watcher } from '../run-batch.ts'

export interface JsonLinesOptions {
  readonly write: (line: string) => void
  /** Only how each file ended. */
  readonly isQuiet: boolean
}

export interface JsonLines extends Watcher {
  line(fields: Record<string, unknown>): void
  summary(summary: Summary, more?: Record<string, unknown>): void
}

export function jsonLines({ write, isQuiet }: JsonLinesOptions): JsonLines {
  const line = (fields: Record<string, unknown>): void => write(jsonText(fields))
  return {
    line,
    started: () => undefined,
    sent: () => undefined,
    event(source, event) {
      // The last one is told by `ended`, in one form for files that were followed and files that were not.
      if (!isQuiet && !LAST_KINDS.has(event.kind)) line(eventFields(source.label, event))
    },
    ended: outcome => line(outcomeFields(outcome)),
    summary: (summary, more = {}) => line({ kind: 'summary', ...summary, ...more }),
  }
}

function eventFields(file: string, { ingestion_id, at, kind, data }: IngestionEvent) {
  // Ours come last, so that nothing in the data takes their place, and first, so that a person finds them.
  return Object.assign({ file, kind }, data, { file, kind, ingestion_id, at })
}

function outcomeFields(outcome: Outcome): Record<string, unknown> {
  const { source, result, documentId, version, passages, warnings, problem } = outcome
  const isPublished = result === 'added' || result === 'updated'
  return {
    file: source.label,
    kind: isPublished ? 'published' : result,
    ...(isPublished ? { result } : {}),
    ...(documentId === undefined ? {} : { document_id: documentId }),
    ...(version === undefined ? {} : { version }),
    ...(passages === undefined ? {} : { chunks: passages }),
    ...(warnings.length === 0 ? {} : { warnings }),
    ...problem,
  }
}
