// What is typed after `gatehouse search`, as the operations take it.
import { fault } from '../../../platform/faults.ts'
import { metadataValue, type MetadataValue } from '../ingest/settings.ts'

export interface SearchOptions {
  readonly tenant?: string
  readonly user: string
  readonly limit?: string
  readonly words?: boolean
  readonly weights?: string
  readonly filter?: readonly string[]
  readonly collection?: readonly string[]
  readonly label?: readonly string[]
  readonly language?: readonly string[]
  readonly fileType?: readonly string[]
  readonly explain?: boolean
  readonly document?: string
  readonly json?: boolean
}

export interface SearchRequest {
  readonly operation: 'hybrid_search' | 'search_documents' | 'explain_search'
  readonly input: Record<string, unknown>
}

export function requestOf(words: readonly string[], options: SearchOptions): SearchRequest {
  const { explain = false, document } = options
  const isWordsOnly = options.words === true
  if (isWordsOnly && options.weights !== undefined) {
    throw fault('invalid_input', { say: '--words and --weights cannot both be given.' })
  }
  const filter = filterOf(options)
  const asked = {
    query: words.join(' '),
    ...(options.limit === undefined ? {} : { limit: wholeNumber(options.limit) }),
    ...(Object.keys(filter).length === 0 ? {} : { filter }),
  }
  const weights = options.weights === undefined ? {} : weightsOf(options.weights)
  if (document !== undefined) {
    const only = isWordsOnly ? { bm25_weight: 1, vector_weight: 0 } : weights
    return { operation: 'explain_search', input: { ...asked, ...only, document } }
  }
  if (isWordsOnly) return { operation: 'search_documents', input: { ...asked, explain } }
  return { operation: 'hybrid_search', input: { ...asked, ...weights, explain } }
}

function wholeNumber(text: string): number {
  if (/^\d{1,6}$/.test(text)) return Number(text)
  throw fault('invalid_input', { say: `--limit takes a whole number, got ${text}.` })
}

/** '3:1': three parts words, one part likeness. */
function weightsOf(text: string): Record<string, number> {
  const [, words, likeness] = /^(\d{1,4}(?:\.\d+)?|\.\d+):(\d{1,4}(?:\.\d+)?|\.\d+)$/.exec(text) ?? []
  if (words !== undefined && likeness !== undefined) {
    return { bm25_weight: Number(words), vector_weight: Number(likeness) }
  }
  const say = `--weights takes two numbers, words:likeness as in 3:1, got ${text}.`
  throw fault('invalid_input', { say })
}

function filterOf({ label, collection, language, fileType, filter }: SearchOptions): Record<string, unknown> {
  const given = { labels: label, collections: collection, languages: language, file_types: fileType }
  return {
    ...Object.fromEntries(Object.entries(given).filter(([, values]) => values !== undefined)),
    ...(filter === undefined ? {} : { metadata: metadataOf(filter) }),
  }
}

const BOUND = /^([^=<>]+)(>=|<=|>|<|=)(.*)$/s
const BOUNDS: Readonly<Record<string, string>> = { '>=': 'gte', '<=': 'lte', '>': 'gt', '<': 'lt' }

/** key=value, the same key again for one of several values; key>=value and the like for bounds. */
function metadataOf(pairs: readonly string[]): Record<string, unknown> {
  const values = new Map<string, MetadataValue[]>()
  const bounds = new Map<string, Record<string, MetadataValue>>()
  for (const pair of pairs) {
    const [, key = '', sign = '', text = ''] = BOUND.exec(pair) ?? []
    const bound = BOUNDS[sign]
    if (key === '') {
      throw fault('invalid_input', {
        say: `--filter takes key=value, or a bound as in year>=2020, got ${pair}.`,
      })
    }
    if (bound === undefined) values.set(key, [...(values.get(key) ?? []), metadataValue(text)])
    else bounds.set(key, { ...bounds.get(key), [bound]: metadataValue(text) })
  }
  const both = [...values.keys()].find(key => bounds.has(key))
  if (both !== undefined) {
    throw fault('invalid_input', { say: `--filter has a value and a bound for ${both}; give one of them.` })
  }
  const wanted = [...values].map(([key, own]) => [key, own.length === 1 ? own[0] : { in: own }] as const)
  return Object.fromEntries<unknown>([...wanted, ...bounds])
}
