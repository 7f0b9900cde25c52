// Finds in a query what names one thing and is meant literally: articles, rules and norms with their number, case
// names, and identifiers (INV-2024-0042). Passages that hold one come first; it is not required.
import { caseNames, type Found } from './case-names.ts'
import { folded } from './folded.ts'
import { phraseOf, type Phrase } from './phrase-pattern.ts'

/** What is numbered in law and norms, in English, German, French and Spanish; folded, without the dot. */
const NOUNS = new Set(
  `article articles art arts artikel artículo artículos articulo rule rules regla règle regel
  section sections sec secs sect sección seccion § §§ abschnitt clause clauses klausel cláusula
  paragraph paragraphs para paras paragraf paragraphe párrafo absatz abs chapter chapters chap ch kapitel chapitre
  capítulo title titel titre título part parts teil partie parte item items ziffer nummer form forms formular
  schedule schedules annex annexes anhang annexe anexo appendix appendices anlage exhibit exhibits
  recital recitals considérant considerando erwägungsgrund regulation regulations reg verordnung règlement reglamento
  directive richtlinie directiva act gesetz loi ley decree décret decreto amendment protocol rev
  iso iec iso/iec din ieee nist ansi rfc cve cwe ifrs ias gaap asc fas sop
  no nos nr nro num número numéro n° case cases aktenzeichen az docket dossier patent`.split(/\s+/),
)

const PART = '[\\p{L}\\p{N}]'
/** Behind it no word: "33-compliant" is about 33, and "33 (GDPR)" too. */
const TAIL = `(?:[-‐‑–./:](?:\\d${PART}{0,11}|\\p{L}{1,3}(?!${PART}))|\\s?\\((?:\\d{1,3}\\p{L}?|\\p{L}|[ivxIVX]{2,5})\\)){0,8}`
/** 33, 10b-5, 6(1)(f), C-311/18, IV; a single capital as in "Exhibit B". */
const NUMBER = `(?:\\d${PART}{0,11}${TAIL}|\\p{L}{1,5}[-‐‑–]?\\d${PART}{0,11}${TAIL}|[IVXLCDM]{2,8}|[ivx]{2,6}|[A-Z])(?!${PART})`
const NUMBERED = new RegExp(
  `(?<![\\p{L}\\p{M}\\p{N}])(\\p{L}{1,16}(?:/\\p{L}{3})?°?|§{1,2})(\\.?)(\\s{0,3})(${NUMBER})`,
  'gu',
)
/** Capitals number these alone: "Schedule C" and "Form S", but "Case A" is the beginning of a sentence. */
const LETTERED = new Set(['annex', 'anhang', 'anlage', 'appendix', 'exhibit', 'schedule', 'annexe', 'anexo'])
const IDENTIFIER = new RegExp(
  `(?<![\\p{L}\\p{M}\\p{N}@])${PART}{1,40}(?:[-‐‑–./_:]${PART}{1,40}){1,12}(?!${PART})`,
  'gu',
)

/** In the order they stand in, the same one once; of two that overlap the first. */
export function citations(text: string): Phrase[] {
  const found = [...caseNames(text), ...numbered(text), ...identifiers(text)]
  const kept: Found[] = []
  let end = 0
  for (const one of found.toSorted((a, b) => a.start - b.start || b.end - a.end)) {
    if (one.start < end) continue
    end = one.end
    if (!kept.some(other => other.phrase.pattern === one.phrase.pattern)) kept.push(one)
  }
  return kept.map(({ phrase }) => phrase)
}

function numbered(text: string): Found[] {
  return [...text.matchAll(NUMBERED)].flatMap(match => {
    const [whole, noun, dot, gap, number] = match as unknown as [string, string, string, string, string]
    const name = folded(noun)
    if (!NOUNS.has(name) && !NOUNS.has(noun.toLowerCase())) return []
    if (dot + gap === '' && !name.startsWith('§')) return []
    if (/^[A-Z]$/.test(number) && !LETTERED.has(name)) return []
    return foundAt(match.index, whole)
  })
}

function identifiers(text: string): Found[] {
  return [...text.matchAll(IDENTIFIER)].flatMap(match =>
    names(match[0]) ? foundAt(match.index, match[0]) : [],
  )
}

function foundAt(start: number, text: string): Found[] {
  const phrase = phraseOf(text)
  return phrase === undefined ? [] : [{ start, end: start + text.length, phrase }]
}

/**
 * An identifier has a digit, and what follows its first part are numbers or short: "5-year-old", "CD4-positive" and
 * "example.com/2024" are words. Two plain numbers are an amount, a range or a time, but 2016/679 is a name.
 */
function names(token: string): boolean {
  const parts = token.split(/[-‐‑–./_:]/)
  if (!/\p{N}/u.test(token)) return false
  if (parts.slice(1).some(part => /^\p{L}{3,}$/u.test(part) && part !== part.toUpperCase())) return false
  if (parts.length > 2 || !parts.every(part => /^\p{N}+$/u.test(part))) return true
  return token.includes('/') && token.length > 5
}
