// A title in at most two lines of so many characters: drawings have no lines of their own. Pure.

export function titleLines(title: string, width: number): readonly string[] {
  const lines: string[] = []
  for (const word of title.split(/\s+/).filter(part => part !== '')) {
    const last = lines.at(-1)
    if (last !== undefined && `${last} ${word}`.length <= width) lines[lines.length - 1] = `${last} ${word}`
    else lines.push(word)
  }
  const [first = '', ...others] = lines
  return [first, ...(others.length === 0 ? [] : [others.join(' ')])].map(line => shortened(line, width))
}

function shortened(line: string, width: number): string {
  // Never half a character.
  const characters = Array.from(line)
  return characters.length <= width
    ? line
    : `${characters
        .slice(0, width - 1)
        .join('')
        .trimEnd()}…`
}
