// Queries to begin with, made of the tenant's own documents: each finds something here.

export interface Titled {
  readonly title: string
  readonly labels: readonly string[]
  readonly collection?: string
}

export interface Example {
  readonly query: string
  /** What it shows. */
  readonly hint: string
}

const MOST_WORDS = 5
/** Of different kinds, as labels and collections tell them. */
const MOST = 4

export function examplesOf(documents: readonly Titled[]): Example[] {
  const titles = [...new Set(spread(documents).map(({ title }) => title))]
  const words = titles.flatMap(title => wordsOf(title) ?? []).slice(0, MOST)
  const phrase = titles.map(phraseOf).find(found => found !== undefined)
  return [
    ...words.map(query => ({ query, hint: 'words' })),
    ...(phrase === undefined ? [] : [{ query: `"${phrase}"`, hint: 'exactly as quoted' }]),
  ]
}

/** One of each kind, then the next of each. */
function spread(documents: readonly Titled[]): Titled[] {
  const kinds = new Map<string, Titled[]>()
  for (const document of documents) {
    const kind = document.collection ?? document.labels[0] ?? ''
    const known = kinds.get(kind)
    if (known === undefined) kinds.set(kind, [document])
    else known.push(document)
  }
  const lists = [...kinds.values()]
  const longest = Math.max(0, ...lists.map(list => list.length))
  return Array.from({ length: longest }, (_, at) => lists.flatMap(list => list[at] ?? [])).flat()
}

/** The beginning of a title, without what stands after a dash, a colon or a bracket; undefined where it says little. */
function wordsOf(title: string): string | undefined {
  const [head = ''] = title.split(/ [-–—] |[:(|]/)
  const words = plain(head).slice(0, MOST_WORDS)
  return words.length < 2 ? undefined : words.join(' ')
}

/** Two long words that stand beside each other. */
function phraseOf(title: string): string | undefined {
  const [head = ''] = title.split(/[-–—:(|,;]/)
  const words = plain(head)
  const at = words.findIndex((word, place) => isLong(word) && isLong(words[place + 1] ?? ''))
  return at < 0
    ? undefined
    : words
        .slice(at, at + 2)
        .join(' ')
        .toLowerCase()
}

function isLong(word: string): boolean {
  return /^\p{L}{5,}$/u.test(word)
}

/** Quotes and dashes at the beginning of a word would mean something in a query. */
function plain(text: string): string[] {
  return text
    .replaceAll(/["“”„«»]/g, ' ')
    .split(/\s+/)
    .map(word => word.replace(/^-+/, ''))
    .filter(Boolean)
}
