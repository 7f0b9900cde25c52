// Dollars as somebody writes them, as whole billionths of one: never through a float. Pure.

/** "12.5" is "12500000000"; undefined for what is no amount of dollars, and for more than nine digits of a part. */
export function nanoOf(usd: string): string | undefined {
  const [, whole, part = ''] = /^\s*\$?\s*(\d{1,9})(?:\.(\d{1,9}))?\s*$/.exec(usd) ?? []
  if (whole === undefined) return undefined
  return `${whole}${part.padEnd(9, '0')}`.replace(/^0+(?=\d)/, '')
}
