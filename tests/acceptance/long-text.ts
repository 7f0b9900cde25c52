// Large documents whose every word is known: what a search should find, and how often, can be counted by hand.

/** Paragraphs a passage long, about 1 KB each, none of whose words the stemmer changes. */
export function longText(marker: string, paragraphs: number): string {
  return Array.from({ length: paragraphs }, (_, at) => paragraph(marker, at)).join('\n\n')
}

/** The same words in every document but for the marker, so that all documents are equally long. */
function paragraph(marker: string, at: number): string {
  const words = Array.from({ length: 160 }, (_, word) => `w${1_000 + ((at * 37 + word * 11) % 8_000)}`)
  return [marker, 'quorum', ...words].join(' ')
}
