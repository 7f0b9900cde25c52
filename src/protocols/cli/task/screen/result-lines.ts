// What a task made, as a person reads it: the answer, what it rests on and whether that was checked, what it cost.
import { dollars } from '../../../../gate/money/money-text.ts'
import { membersOf } from '../../../client/gatehouse-error.ts'
import type { Task, TaskArtifact } from '../../../client/task/task-shape.ts'
import { artifactText } from '../../../client/task/task-view.ts'
import { printable } from '../../ingest/report/printable.ts'
import { wrapped, type Page } from '../../search/layout.ts'
import { colored, elapsedText, stateText, textLines } from './step-lines.ts'

type Members = Readonly<Record<string, unknown>>

/** Artifacts that are shown in full; of others their names. */
const ANSWER = 'answer'
const CITATIONS = 'citations'

export function resultLines(task: Task, page: Page): string[] {
  const artifacts = task.artifacts ?? []
  const answer = artifactText({ artifacts: artifacts.map(one => ({ ...one, is_complete: true })) }, ANSWER)
  const marks = marksOf(artifacts.find(({ artifact_id }) => artifact_id === CITATIONS))
  const others = artifacts.filter(({ artifact_id: id }) => id !== ANSWER && id !== CITATIONS)
  return [
    ...(answer === '' ? [] : [...textLines(answer, page), '']),
    ...marks.flatMap(mark => markLines(mark, page)),
    ...(marks.length === 0 ? [] : ['']),
    ...(answer === '' ? others.flatMap(({ name }) => wrapped(`artifact: ${printable(name)}`, page)) : []),
    summaryLine(task),
  ]
}

/** '$0.0012', or 'free' where nothing was paid for. */
export function costText(nano: string): string {
  return nano === '0' ? 'free' : dollars(BigInt(nano))
}

function summaryLine({ status, workflow, cost_nano, created_at, finished_at }: Task): string {
  const took = Date.parse(finished_at ?? status.at) - Date.parse(created_at)
  return `${printable(workflow)} · ${stateText(status.state)} · ${costText(cost_nano)} · ${elapsedText(took)}`
}

interface Mark {
  readonly isVerified: boolean
  readonly text: string
}

/** What the answer cites, and what stands in it and in no document. Places that would read the same are told once. */
function marksOf(artifact: TaskArtifact | undefined): Mark[] {
  const [data] = (artifact?.parts ?? []).flatMap(part => (part.data === undefined ? [] : [part.data]))
  const { citations, unsupported } = membersOf(data)
  const marks = [...objectsIn(citations).map(citationMark), ...objectsIn(unsupported).map(unsupportedMark)]
  return marks.filter((mark, at) => marks.findIndex(other => other.text === mark.text) === at)
}

function objectsIn(list: unknown): Members[] {
  return Array.isArray(list) ? (list as unknown[]).map(membersOf) : []
}

function citationMark({ n, title, page, doc_id, verified, problem }: Members): Mark {
  const isVerified = verified === true
  const where = typeof page === 'number' ? `, page ${page}` : ''
  const why = isVerified ? 'verified' : `not verified${typeof problem === 'string' ? ` (${problem})` : ''}`
  return {
    isVerified,
    text: printable(`[${String(n)}] ${String(title)}${where} · ${String(doc_id)} · ${why}`),
  }
}

function unsupportedMark({ n, text, problem }: Members): Mark {
  const number = typeof n === 'number' ? `[${n}] ` : ''
  return { isVerified: false, text: printable(`${number}${JSON.stringify(text)} · ${String(problem)}`) }
}

function markLines({ isVerified, text }: Mark, page: Page): string[] {
  const mark = colored(isVerified ? '✓' : '✗', isVerified ? 'green' : 'red', page)
  const [first = '', ...more] = wrapped(text, page, '  ')
  return [`${mark} ${first.slice(2)}`, ...more]
}
