// Citations as an answer writes them: [2], [1, 3].

const MARK = /\[(\d{1,3}(?:\s*[,;]\s*\d{1,3})*)\]/g

/** The numbers that a text names, each once, in the order of their first mention. */
export function numbersIn(text: string): number[] {
  const numbers = [...text.matchAll(MARK)].flatMap(([, list = '']) => list.split(/[,;]/).map(Number))
  return [...new Set(numbers)]
}

/** The text without them. */
export function unmarked(text: string): string {
  return text.replaceAll(MARK, '')
}
