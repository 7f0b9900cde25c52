// A cell of CSV (RFC 4180). Spreadsheets run what looks like a formula: such a text gets an apostrophe in front.

/** One cell; quoted where it has to be. */
export function csvCell(value: string | number | null): string {
  if (value === null) return ''
  if (typeof value === 'number') return String(value)
  const safe = /^[=+\-@\t\r\n＝＋－＠]/.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

/** A number, that stays one: of a correction it begins with a minus. Whatever is no number is a text. */
export function csvAmount(value: number | string | undefined): string {
  if (value === undefined) return ''
  const text = String(value)
  return /^-?\d+(?:\.\d+)?$/.test(text) ? text : csvCell(text)
}
