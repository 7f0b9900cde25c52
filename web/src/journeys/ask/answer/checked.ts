// What an answer cites and whether it holds, as the artifacts of its task tell it: data of a workflow, read with care. Pure.
import type { TaskArtifact } from '../../../../../src/protocols/client/task/task-shape.ts'

export type CitationState =
  | 'verified'
  | 'fabricated'
  | 'misattributed'
  | 'stitched'
  | 'unknown'
  | 'moved'
  /** It was not looked at yet. */
  | 'checking'

/** A passage that an answer is made of, or cites. */
export interface Source {
  readonly n: number
  readonly docId: string
  readonly version: number
  readonly title: string
  readonly page: number | undefined
  readonly start: number
  readonly end: number
  readonly quote: string
  readonly state: CitationState
}

export interface Unsupported {
  readonly state: CitationState
  readonly text: string
  readonly n: number | undefined
}

export interface Checked {
  /** Undefined until it was checked. */
  readonly verified: boolean | undefined
  /** By their numbers, in the order of the numbers. */
  readonly sources: readonly Source[]
  readonly unsupported: readonly Unsupported[]
}

/** Until the citations were checked: the passages that the answer is made of, as not checked. */
export function checkedOf(artifacts: readonly TaskArtifact[]): Checked {
  const citations = dataOf(artifacts, 'citations')
  if (citations === undefined) {
    const passages = listOf(dataOf(artifacts, 'passages')?.['passages'])
    return {
      verified: undefined,
      sources: inOrder(passages.flatMap(one => sourceOf(one, 'content'))),
      unsupported: [],
    }
  }
  return {
    verified: citations['verified'] === true,
    sources: inOrder(listOf(citations['citations']).flatMap(one => sourceOf(one, 'quote'))),
    unsupported: listOf(citations['unsupported']).map(one => ({
      state: stateOf(one),
      text: textOf(one['text']),
      n: typeof one['n'] === 'number' ? one['n'] : undefined,
    })),
  }
}

type Members = Readonly<Record<string, unknown>>

function dataOf(artifacts: readonly TaskArtifact[], id: string): Members | undefined {
  const parts = artifacts.find(({ artifact_id }) => artifact_id === id)?.parts ?? []
  return membersOf(parts.find(({ data }) => data !== undefined)?.data)
}

function membersOf(value: unknown): Members | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Members) : undefined
}

function listOf(value: unknown): readonly Members[] {
  const list: readonly unknown[] = Array.isArray(value) ? value : []
  return list.map(membersOf).filter(one => one !== undefined)
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined
}

function sourceOf(one: Members, words: 'quote' | 'content'): Source[] {
  const [n, version] = [numberOf(one['n']), numberOf(one['document_version'])]
  const [start, end] = [numberOf(one['start']), numberOf(one['end'])]
  const docId = textOf(one['doc_id'])
  if (n === undefined || version === undefined || start === undefined || end === undefined || docId === '')
    return []
  const state = words === 'content' ? 'checking' : stateOf(one)
  return [
    {
      n,
      docId,
      version,
      title: textOf(one['title']) || docId,
      page: numberOf(one['page']),
      start,
      end,
      quote: textOf(one[words]),
      state,
    },
  ]
}

const PROBLEMS: readonly CitationState[] = ['fabricated', 'misattributed', 'stitched', 'unknown', 'moved']

/** Verified only when it is said so: whatever this does not know is none. */
function stateOf(one: Members): CitationState {
  const problem = PROBLEMS.find(known => known === one['problem'])
  if (problem !== undefined) return problem
  return one['verified'] === true ? 'verified' : 'unknown'
}

function inOrder(sources: readonly Source[]): Source[] {
  return sources.toSorted((a, b) => a.n - b.n)
}
