// The rows of a CSV text (RFC 4180): quoted fields, doubled quotes, line ends within quotes. Pure.

/** At most so many rows; what is not closed ends with the text. */
export function csvRows(text: string, most: number): string[][] {
  const rows: string[][] = []
  let row: string[] = []
  const fields = /(?:"((?:[^"]|"")*)(?:"|$)|([^,\r\n]*))(,|\r\n|\n|\r|$)/y
  while (fields.lastIndex < text.length && rows.length < most) {
    const field = fields.exec(text)
    if (field === null) break
    const [, quoted, plain = '', end] = field
    row.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'))
    if (end === ',' && fields.lastIndex < text.length) continue
    if (end === ',') row.push('')
    rows.push(row)
    row = []
  }
  return rows
}
