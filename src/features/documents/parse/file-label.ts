// A file's name as a label: shown to people, never a path to anything.

const MAX_LABEL = 200

/**
 * The last segment of a name or path, without control, hidden and direction-changing characters:
 * `../../etc/x.md` is `x.md`. Null where nothing is left.
 */
export function fileLabel(name: string | null): string | null {
  const last = (name ?? '').split(/[/\\]/).at(-1) ?? ''
  const label = last
    .toWellFormed()
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '')
    .trim()
  return /^\.*$/.test(label) ? null : withEnding(label)
}

/** A long name keeps its end, which tells the type. */
function withEnding(label: string): string {
  if (label.length <= MAX_LABEL) return label
  return `${label.slice(0, MAX_LABEL - 21)}…${label.slice(-20)}`.toWellFormed()
}
