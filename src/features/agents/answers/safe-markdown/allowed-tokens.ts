// What an answer may consist of: the list of Markdown's parts that are let through. Whatever is not on it (links, images,
// HTML, definitions, footnotes, what a later version of the parser may know) is not.
import { parse, postprocess, preprocess } from 'micromark'
import { gfm } from 'micromark-extension-gfm'

/** A part of a text, as the parser found it. */
export interface Token {
  readonly type: string
  readonly start: number
  readonly end: number
  /** How many others it lies in. */
  readonly depth: number
}

/** Reads a text as a full parser of CommonMark and GFM does. */
export function tokensOf(text: string): Token[] {
  return read(text, [gfm()])
}

/** Reads a text as if Markdown had nothing that points elsewhere: what would, is plain characters. */
export function harmlessTokensOf(text: string): Token[] {
  return read(text, [gfm(), { disable: { null: FORBIDDEN } }])
}

/** Whether every part of the text is on the list, for a reader who knows all of CommonMark and GFM. */
export function isAllowed(tokens: readonly Token[]): boolean {
  return tokens.every(({ type }) => ALLOWED.has(type))
}

/** Constructs of the parser and its extensions, by their names. */
const FORBIDDEN = words(`
  autolink wwwAutolink protocolAutolink emailAutolink labelStartImage labelStartLink labelEnd definition
  gfmFootnoteDefinition gfmFootnoteCall gfmPotentialFootnoteCall htmlFlow htmlText characterReference tasklistCheck`)

const ALLOWED: ReadonlySet<string> = new Set(
  words(`
  data whitespace space lineEnding lineEndingBlank linePrefix lineSuffix content paragraph
  characterEscape characterEscapeValue escapeMarker hardBreakEscape hardBreakTrailing
  atxHeading atxHeadingSequence atxHeadingText thematicBreak thematicBreakSequence
  setextHeading setextHeadingText setextHeadingLine setextHeadingLineSequence
  emphasis emphasisSequence emphasisText strong strongSequence strongText
  strikethrough strikethroughSequence strikethroughText
  codeText codeTextData codeTextPadding codeTextSequence codeIndented codeFlowValue
  codeFenced codeFencedFence codeFencedFenceSequence
  blockQuote blockQuotePrefix blockQuoteMarker blockQuotePrefixWhitespace
  listOrdered listUnordered listItemIndent listItemMarker listItemPrefix listItemPrefixWhitespace listItemValue
  table tableHead tableBody tableRow tableData tableHeader tableContent
  tableCellDivider tableDelimiterRow tableDelimiter tableDelimiterMarker tableDelimiterFiller`),
)

function words(text: string): string[] {
  return text.trim().split(/\s+/)
}

type Extensions = Exclude<Parameters<typeof parse>[0], null | undefined>['extensions']

function read(text: string, extensions: Extensions): Token[] {
  const chunks = preprocess()(text, undefined, true)
  const tokens: Token[] = []
  let depth = 0
  for (const [kind, { type, start, end }] of postprocess(parse({ extensions }).document().write(chunks))) {
    if (kind === 'enter') tokens.push({ type, start: start.offset, end: end.offset, depth: depth++ })
    else depth--
  }
  return tokens
}
