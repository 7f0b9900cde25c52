// A program that can be connected, and the texts that connect it. The forms are those of each program's own manual.

export interface Place {
  /** Of the server, as its clients write it: no slash at its end. */
  readonly url: string
  readonly token: string
}

export interface Snippet {
  /** What it is: a command, or the file's name. */
  readonly title: string
  readonly language: 'json' | 'shell' | 'typescript'
  readonly text: string
  /** Where the file is, by system. */
  readonly files?: readonly { readonly system: string; readonly path: string }[]
}

export interface Client {
  readonly id: string
  readonly name: string
  readonly audience: 'mcp' | 'a2a'
  /** How it reaches the server, for those who choose. */
  readonly hint: string
  snippets(place: Place): readonly Snippet[]
  /** What to do then, and how one sees that it works. */
  readonly afterwards: readonly string[]
}

export function bearer(token: string): string {
  return `Bearer ${token}`
}

/** As people write configuration files. */
export function json(value: unknown): string {
  return JSON.stringify(value, null, 2)
}

/** A word of a POSIX shell, whatever is in it. */
export function quoted(word: string): string {
  return `'${word.replaceAll("'", String.raw`'\''`)}'`
}
