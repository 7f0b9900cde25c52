// A text of others, readable: its blocks as elements, its words as text nodes. Ranges of it are marked to the character.
// Nothing in it is ever read as HTML, and only http and https addresses become links, with their host beside them.
import { memo, type ReactNode, useMemo } from 'react'
import { Marked } from '../shown/marked.tsx'
import { blocksOf } from './blocks-of.ts'
import { type Block, type Inline, type Leaf, rangesWithin, type Span } from './text-shape.ts'
import { hostOf } from './web-address.ts'

export interface RenderedTextProps {
  /** A part of a text, or all of it. */
  readonly text: string
  readonly format: 'text' | 'markdown'
  /** Where the part begins in the whole text; the ranges count from the beginning of the whole. */
  readonly start?: number
  readonly ranges?: readonly Span[]
  /** The level of its highest headings on this page. */
  readonly topLevel?: 2 | 3 | 4
  /** How the words of a range are shown, where it is not just marked. One function for as long as it shows the same. */
  readonly piece?: (words: string, range: Span) => ReactNode
}

interface Look {
  readonly text: string
  readonly start: number
  readonly ranges: readonly Span[]
  readonly topLevel: number
  /** The highest level that a heading of the text has: it becomes the top level. */
  readonly highest: number
  readonly piece: NonNullable<RenderedTextProps['piece']>
}

const NONE: readonly Span[] = []
const marked = (words: string): ReactNode => <mark data-marked="">{words}</mark>

export const RenderedText = memo(function RenderedText({
  text,
  format,
  start = 0,
  ranges = NONE,
  topLevel = 3,
  piece = marked,
}: RenderedTextProps) {
  const isBegin = start === 0
  const blocks = useMemo(
    () => blocksOf(text, format, { start: 0, end: text.length }, isBegin),
    [text, format, isBegin],
  )
  const highest = blocks.reduce(
    (least, block) => Math.min(least, block.kind === 'heading' ? block.level : 6),
    6,
  )
  const look: Look = { text, start, ranges, topLevel, highest, piece }
  return (
    <div className={`space-y-3 wrap-anywhere ${format === 'text' ? '*:whitespace-pre-wrap' : ''}`}>
      <Blocks blocks={blocks} look={look} />
    </div>
  )
})

function Blocks({ blocks, look }: { readonly blocks: readonly Block[]; readonly look: Look }) {
  return blocks.map(block => <OneBlock key={`${block.kind}${block.start}`} block={block} look={look} />)
}

function OneBlock({ block, look }: { readonly block: Block; readonly look: Look }): ReactNode {
  switch (block.kind) {
    case 'heading':
      return (
        <Heading level={block.level} words={<Inlines inlines={block.children} look={look} />} look={look} />
      )
    case 'paragraph':
      return (
        <p className="whitespace-pre-line">
          <Inlines inlines={block.children} look={look} />
        </p>
      )
    case 'code':
      return (
        // What scrolls must be reachable by key (WCAG 2.1.1).
        <pre
          // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
          tabIndex={0}
          className="overflow-x-auto rounded-md border border-line bg-sunken p-3 font-mono text-sm"
        >
          <Inlines inlines={block.children} look={look} isPlain />
        </pre>
      )
    case 'quote':
      return (
        <blockquote className="space-y-2 border-l-2 border-edge pl-3 text-soft">
          <Blocks blocks={block.blocks} look={look} />
        </blockquote>
      )
    case 'list':
      return <List block={block} look={look} />
    case 'table':
      return <TextTable block={block} look={look} />
    case 'rule':
      return <hr className="border-line" />
  }
}

function Heading({
  level,
  words,
  look,
}: {
  readonly level: number
  readonly words: ReactNode
  readonly look: Look
}) {
  const Tag =
    (['h2', 'h3', 'h4', 'h5', 'h6'] as const)[Math.min(4, look.topLevel + level - look.highest - 2)] ?? 'h6'
  const size = level <= 1 ? 'text-lg' : level === 2 ? 'text-md' : 'text-base'
  return <Tag className={`pt-2 font-semibold ${size}`}>{words}</Tag>
}

function List({ block, look }: { readonly block: Extract<Block, { kind: 'list' }>; readonly look: Look }) {
  const items = block.items.map(({ start, blocks }) => (
    <li key={start} className="space-y-2">
      <Blocks blocks={blocks} look={look} />
    </li>
  ))
  return block.first === undefined ? (
    <ul className="list-disc space-y-1 pl-6">{items}</ul>
  ) : (
    <ol start={block.first} className="list-decimal space-y-1 pl-8">
      {items}
    </ol>
  )
}

function TextTable({
  block,
  look,
}: {
  readonly block: Extract<Block, { kind: 'table' }>
  readonly look: Look
}) {
  const cells = (row: typeof block.head, Cell: 'th' | 'td') =>
    row.cells.map((inlines, column) => (
      // oxlint-disable-next-line react/no-array-index-key -- a column is its place
      <Cell key={column} className="border border-line px-2 py-1 text-left align-top">
        <Inlines inlines={inlines} look={look} />
      </Cell>
    ))
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <section aria-label="A table of the text" tabIndex={0} className="overflow-x-auto wrap-break-word">
      <table className="min-w-64 border-collapse text-sm">
        <thead className="bg-sunken">
          <tr>{cells(block.head, 'th')}</tr>
        </thead>
        <tbody>
          {block.rows.map(row => (
            <tr key={row.start}>{cells(row, 'td')}</tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

interface InlinesProps {
  readonly inlines: readonly Inline[]
  readonly look: Look
  readonly isPlain?: boolean
}

function Inlines({ inlines, look, isPlain = false }: InlinesProps) {
  return inlines.map(inline => (
    <OneInline key={beginOf(inline)} inline={inline} look={look} isPlain={isPlain} />
  ))
}

interface OneInlineProps {
  readonly inline: Inline
  readonly look: Look
  readonly isPlain: boolean
}

function OneInline({ inline, look, isPlain }: OneInlineProps): ReactNode {
  if (inline.kind === 'text') return <Words leaf={inline} look={look} />
  if (inline.kind === 'code') {
    if (isPlain) return <Words leaf={inline} look={look} />
    return (
      <code className="rounded-sm bg-sunken px-1 font-mono text-sm">
        <Words leaf={inline} look={look} />
      </code>
    )
  }
  const inside = <Inlines inlines={inline.children} look={look} />
  if (inline.kind === 'strong') return <strong>{inside}</strong>
  if (inline.kind === 'em') return <em>{inside}</em>
  if (inline.kind === 'struck') return <s>{inside}</s>
  if (inline.href === undefined) return inside
  return (
    <a
      href={inline.href}
      target="_blank"
      rel="noreferrer noopener nofollow"
      className="text-accent underline underline-offset-2"
      title={inline.href}
    >
      {/* Each by itself: an override of direction in the words must not turn the host around. */}
      <bdi>{inside}</bdi> <bdi className="text-xs no-underline">({hostOf(inline.href)})</bdi>
    </a>
  )
}

/** A leaf with the part of each range that stands in it. `data-marked` is for who scrolls there. */
function Words({ leaf, look }: { readonly leaf: Leaf; readonly look: Look }) {
  const { text, start, ranges, piece } = look
  const words = text.slice(leaf.start, leaf.end)
  const here = rangesWithin(leaf, start, ranges)
  if (here.length === 0) return words
  return (
    <Marked text={words} ranges={here} piece={(found, index) => piece(found, here[index]?.range ?? leaf)} />
  )
}

function beginOf(inline: Inline): number {
  if (inline.kind === 'text' || inline.kind === 'code') return inline.start
  const [first] = inline.children
  return first === undefined ? -1 : beginOf(first) - 0.5
}
