// A model's name: "openai:gpt-4o", the provider and what the provider calls it; or the bare name alone. A price is of
// exactly one: no name is trimmed, put into another case, or taken for a pattern.

export interface ModelName {
  /** '' of a bare name. */
  readonly provider: string
  readonly bare: string
}

const NAME = /^[\x21-\x29\x2b-\x3e\x40-\x7e]{1,200}$/

/** Printable ASCII without blanks and without * and ?. */
export function isModelName(name: string): boolean {
  return NAME.test(name)
}

export function modelName(name: string): ModelName {
  const [, provider = '', bare = name] = /^([a-z]+):(.+)$/s.exec(name) ?? []
  return { provider, bare }
}
