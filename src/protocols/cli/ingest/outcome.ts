// How a source ended, and the sum of a run.
import { asFault } from '../../../platform/faults.ts'
import type { IngestionEvent } from './follower.ts'
import type { Source } from './sources/source.ts'
import type { Submitted } from './submit.ts'

export type Result = 'added' | 'updated' | 'unchanged' | 'superseded' | 'failed'

export interface Outcome {
  readonly source: Source
  readonly result: Result
  readonly documentId?: string
  readonly version?: number
  /** Passages the document was cut into. */
  readonly passages?: number
  readonly warnings: readonly string[]
  readonly problem?: { readonly code: string; readonly reason?: string; readonly say: string }
}

export interface Summary extends Readonly<Record<Result, number>> {
  /** Sources that were meant; more than the results together when the run was interrupted. */
  readonly files: number
  /** Of the files that did not fail. */
  readonly bytes: number
  readonly seconds: number
}

export function outcomeOfAnswer(source: Source, answer: Submitted): Outcome {
  const result = answer.status === 'accepted' ? 'added' : answer.status
  return { source, result, ...documentIn(answer) }
}

export function outcomeOfEvent(source: Source, { kind, data }: IngestionEvent): Outcome {
  if (kind === 'failed') {
    const { code, reason, say } = data
    const problem = {
      code: typeof code === 'string' ? code : 'internal',
      ...(typeof reason === 'string' ? { reason } : {}),
      say: typeof say === 'string' ? say : 'The file could not be taken in.',
    }
    return { source, result: 'failed', warnings: [], problem }
  }
  const document = documentIn(data)
  if (kind === 'unchanged' || kind === 'superseded') return { source, result: kind, ...document }
  return { source, result: document.version === 1 ? 'added' : 'updated', ...document }
}

export function outcomeOfFault(source: Source, error: unknown): Outcome {
  const { code, reason, say } = asFault(error)
  return {
    source,
    result: 'failed',
    warnings: [],
    problem: { code, ...(reason === undefined ? {} : { reason }), say },
  }
}

export function summaryOf(files: number, outcomes: readonly Outcome[], seconds: number): Summary {
  const count = (result: Result): number => outcomes.filter(outcome => outcome.result === result).length
  const wentIn = outcomes.filter(({ result }) => result !== 'failed')
  return {
    files,
    added: count('added'),
    updated: count('updated'),
    unchanged: count('unchanged'),
    superseded: count('superseded'),
    failed: count('failed'),
    bytes: wentIn.reduce((sum, { source }) => sum + source.bytes, 0),
    seconds: Math.round(seconds * 10) / 10,
  }
}

function documentIn(data: object) {
  const { document_id, version, chunks, warnings } = data as Record<string, unknown>
  return {
    ...(typeof document_id === 'string' ? { documentId: document_id } : {}),
    ...(typeof version === 'number' ? { version } : {}),
    ...(typeof chunks === 'number' ? { passages: chunks } : {}),
    warnings: Array.isArray(warnings) ? warnings.map(warningText) : [],
  }
}

/** A warning is a sentence, or an object with one. */
function warningText(warning: unknown): string {
  if (typeof warning === 'string') return warning
  const { say, message } = (warning ?? {}) as Record<string, unknown>
  if (typeof say === 'string') return say
  return typeof message === 'string' ? message : JSON.stringify(warning)
}
