// Labels as they are typed: words with commas between them. Pure.

/** Each once, in their order. */
export function labelsOf(typed: string): string[] {
  return [
    ...new Set(
      typed
        .split(',')
        .map(label => label.trim())
        .filter(label => label !== ''),
    ),
  ]
}

export function labelWords(labels: readonly string[]): string {
  return labels.join(', ')
}
