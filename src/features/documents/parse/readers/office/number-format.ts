// A spreadsheet's number as text: dates and times in ISO form, everything else as the shortest decimal. No locale.

export type NumberKind = 'number' | 'date' | 'duration'

/** Built-in formats by number: 14–22, 27–36, 45–47, 50–58 are dates and times. */
export function builtinKind(id: number): NumberKind {
  if (id === 46) return 'duration'
  const isDate =
    (id >= 14 && id <= 22) || (id >= 27 && id <= 36) || (id >= 45 && id <= 47) || (id >= 50 && id <= 58)
  return isDate ? 'date' : 'number'
}

export function formatKind(code: string): NumberKind {
  if (/\[(?:h+|m+|s+)\]/i.test(code)) return 'duration'
  // Quoted words, escaped characters, colours and locales are no format letters.
  const letters = code.replace(/"[^"]*"|\\.|_.|\*.|\[[^[\]]*\]/g, '')
  return /[ymdhs]/i.test(letters.replace(/general/gi, '')) ? 'date' : 'number'
}

export function numberText(raw: string, kind: NumberKind, since1904: boolean): string {
  const value = Number(raw)
  if (raw.trim() === '' || !Number.isFinite(value)) return raw
  // Fifteen digits are what a spreadsheet shows; the rest is the binary fraction.
  if (kind === 'number') return String(Number(value.toPrecision(15)))
  if (kind === 'duration') return clock(Math.round(value * 86_400))
  return dateText(value, since1904)
}

function dateText(serial: number, since1904: boolean): string {
  const seconds = Math.round(serial * 86_400)
  if (seconds >= 0 && seconds < 86_400 && !since1904) return clock(seconds)
  // 1900 counts as a leap year in spreadsheets: serial 60 is a day that never was.
  const epoch = since1904 ? Date.UTC(1904, 0, 1) : Date.UTC(1899, 11, serial < 60 ? 31 : 30)
  const date = new Date(epoch + seconds * 1_000)
  if (Number.isNaN(date.getTime())) return String(serial)
  const iso = date.toISOString().slice(0, 19)
  return iso.endsWith('T00:00:00') ? iso.slice(0, 10) : iso
}

function clock(seconds: number): string {
  const two = (value: number) => String(value).padStart(2, '0')
  const whole = Math.abs(seconds)
  const sign = seconds < 0 ? '-' : ''
  return `${sign}${two(Math.floor(whole / 3_600))}:${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}`
}
