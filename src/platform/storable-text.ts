// Text as Postgres can store it and every client can read it: without NUL, and well-formed Unicode.

/** NUL is removed, a lone surrogate becomes U+FFFD; `cleaned` says whether anything changed. */
export function storableText(text: string): { readonly text: string; readonly cleaned: boolean } {
  const stored = text.replaceAll('\0', '').toWellFormed()
  return { text: stored, cleaned: stored !== text }
}
