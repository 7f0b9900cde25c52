// Numbers of a ranking in words.

/** Scores of a fusion are small: five digits tell neighbours apart. */
export function digits(score: number): string {
  return score.toFixed(5)
}

/** "1st", "2nd", "3rd", "11th", "22nd". */
export function ordinal(place: number): string {
  const ending = { one: 'st', two: 'nd', few: 'rd', other: 'th', zero: 'th', many: 'th' }
  return `${place}${ending[ORDINALS.select(place)]}`
}

const ORDINALS = new Intl.PluralRules('en', { type: 'ordinal' })

/** "1 document", "2,000 documents". */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString()} ${count === 1 ? one : many}`
}
