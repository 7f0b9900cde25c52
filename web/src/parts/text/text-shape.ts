// What a text is made of once its marks are read. Every leaf is a place in the text and shows exactly what stands there,
// so that a passage that is known by its offsets can be marked to the character.

/** In UTF-16 code units of the whole text, end exclusive. */
export interface Span {
  readonly start: number
  readonly end: number
}

/** Words that are shown as they stand. */
export type Leaf = Span & ({ readonly kind: 'text' } | { readonly kind: 'code' })

export type Inline =
  | Leaf
  | { readonly kind: 'strong'; readonly children: readonly Inline[] }
  | { readonly kind: 'em'; readonly children: readonly Inline[] }
  | { readonly kind: 'struck'; readonly children: readonly Inline[] }
  /** `href` is missing where the target is neither http nor https. */
  | { readonly kind: 'link'; readonly href: string | undefined; readonly children: readonly Inline[] }

interface Row {
  readonly start: number
  readonly cells: readonly (readonly Inline[])[]
}

/** `start` tells blocks apart. */
export type Block = { readonly start: number } & (
  | { readonly kind: 'heading'; readonly level: number; readonly children: readonly Inline[] }
  | { readonly kind: 'paragraph'; readonly children: readonly Inline[] }
  | { readonly kind: 'code'; readonly children: readonly Inline[] }
  | { readonly kind: 'quote'; readonly blocks: readonly Block[] }
  | { readonly kind: 'list'; readonly first: number | undefined; readonly items: readonly Item[] }
  | { readonly kind: 'table'; readonly head: Row; readonly rows: readonly Row[] }
  | { readonly kind: 'rule' }
)

interface Item {
  readonly start: number
  readonly blocks: readonly Block[]
}

/** All places that are shown, in order. */
export function* leavesOf(blocks: readonly Block[]): Generator<Leaf> {
  for (const block of blocks) {
    if (block.kind === 'quote') yield* leavesOf(block.blocks)
    else if (block.kind === 'list') for (const item of block.items) yield* leavesOf(item.blocks)
    else if (block.kind === 'table') {
      for (const row of [block.head, ...block.rows]) for (const cell of row.cells) yield* leavesIn(cell)
    } else if (block.kind !== 'rule') yield* leavesIn(block.children)
  }
}

function* leavesIn(inlines: readonly Inline[]): Generator<Leaf> {
  for (const inline of inlines) {
    if (inline.kind === 'text' || inline.kind === 'code') yield inline
    else yield* leavesIn(inline.children)
  }
}

/** The part of a range that stands in a leaf. */
export interface Part extends Span {
  readonly range: Span
}

/** The parts of ranges that stand in a leaf, counted from its beginning. The leaf's text begins at `start` of the whole. */
export function rangesWithin(leaf: Span, start: number, ranges: readonly Span[]): Part[] {
  const from = start + leaf.start
  const length = leaf.end - leaf.start
  // First of all those that stand elsewhere, which are nearly all: a text of many leaves may have as many ranges.
  return ranges
    .filter(range => range.start < from + length && range.end > from && range.start < range.end)
    .map(range => ({
      start: Math.max(0, range.start - from),
      end: Math.min(length, range.end - from),
      range,
    }))
}
