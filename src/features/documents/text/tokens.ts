// How many tokens a text has, about. Nobody's tokenizer: a rule that needs no vocabulary. It was compared with none; it
// decides sizes of passages, never money.

/** Kinds of characters. A run of one kind is counted as a whole; each SINGLE is a run of its own. */
export const SPACE = 0
export const SINGLE = 1
const LATIN = 2
const LETTER = 3
const DIGIT = 4

/**
 * UTF-16 units to a token, by kind. One space belongs to the word after it and costs nothing, but white space
 * without end must cost something, or a chunk of 384 tokens could be a gigabyte long.
 */
export const UNITS_PER_TOKEN: readonly number[] = [16, 1, 5, 3, 3]

/** Chinese, Japanese and Korean: about one token a character, without spaces between words. */
const EACH_ALONE = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}\p{sc=Bopomofo}]/u
const KIND_OF = Uint8Array.from({ length: 0x1_0000 }, (_, unit) => kindOfCharacter(String.fromCharCode(unit)))

function kindOfCharacter(character: string): number {
  if (/\s/.test(character)) return SPACE
  if (/\p{Nd}/u.test(character)) return DIGIT
  if (EACH_ALONE.test(character)) return SINGLE
  if (/[\p{sc=Latin}\u0300-\u036f]/u.test(character)) return LATIN
  return /[\p{L}\p{M}\u200c\u200d]/u.test(character) ? LETTER : SINGLE
}

/** The kind of one UTF-16 unit; half a surrogate pair is SINGLE. */
export function kindOf(unit: number): number {
  return KIND_OF[unit] ?? SINGLE
}

/** Where the run that begins at `at` ends, at most at `limit`. A surrogate pair is one run. */
export function runEnd(text: string, at: number, limit: number): number {
  const kind = kindOf(text.charCodeAt(at))
  let end = at + 1
  if (kind === SINGLE) return end < limit && isPair(text, at) ? end + 1 : end
  while (end < limit && KIND_OF[text.charCodeAt(end)] === kind) end++
  return end
}

/** What a run of `length` units costs: begun tokens count, but of white space only full ones. */
export function tokensOfRun(kind: number, length: number): number {
  if (kind === SINGLE) return 1
  const tokens = length / (UNITS_PER_TOKEN[kind] ?? 1)
  return kind === SPACE ? Math.floor(tokens) : Math.ceil(tokens)
}

/** An estimate, in time linear to the text: letters by five (other alphabets by three), digits by three, the rest each. */
export function countTokens(text: string): number {
  let tokens = 0
  for (let at = 0, end = 0; at < text.length; at = end) {
    end = runEnd(text, at, text.length)
    tokens += tokensOfRun(kindOf(text.charCodeAt(at)), end - at)
  }
  return tokens
}

function isPair(text: string, at: number): boolean {
  const high = text.charCodeAt(at)
  const low = text.charCodeAt(at + 1)
  return high >= 0xd800 && high <= 0xdbff && low >= 0xdc00 && low <= 0xdfff
}
