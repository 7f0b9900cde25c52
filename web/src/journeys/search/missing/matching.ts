// Which documents somebody may mean who types a part of a title or an id.

export interface Named {
  readonly document_id: string
  readonly title: string
  readonly external_id?: string
}

/** Those whose title or id holds every word that was typed, best begun first; all of them when nothing was. */
export function matching<Document extends Named>(
  documents: readonly Document[],
  typed: string,
  most: number,
): Document[] {
  const words = folded(typed).split(/\s+/).filter(Boolean)
  const begins = (one: Document) => (folded(one.title).startsWith(words[0] ?? '') ? 0 : 1)
  return documents
    .filter(one => {
      const names = folded(`${one.title} ${one.external_id ?? ''} ${one.document_id}`)
      return words.every(word => names.includes(word))
    })
    .toSorted((a, b) => begins(a) - begins(b))
    .slice(0, most)
}

function folded(text: string): string {
  return text.normalize('NFKC').toLowerCase()
}
