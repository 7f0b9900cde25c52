// Two full readers of Markdown, neither of them the one that makes answers safe, and what they make of a text.
import { marked, type Token } from 'marked'
import { fromMarkdown } from 'mdast-util-from-markdown'
import { gfmFromMarkdown } from 'mdast-util-gfm'
import { gfm } from 'micromark-extension-gfm'

/** The links, images, definitions, footnotes and HTML that they find. */
export function pointsElsewhere(text: string): string[] {
  const found: string[] = []
  const walk = (node: { type: string; children?: readonly unknown[] }): void => {
    if (/link|image|html|definition|footnote/i.test(node.type)) found.push(node.type)
    for (const child of node.children ?? []) walk(child as { type: string })
  }
  walk(fromMarkdown(text, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] }))
  void marked.walkTokens(marked.lexer(text), (token: Token) => {
    if (/^(?:link|image|html|def|tag)$/.test(token.type)) found.push(`marked:${token.type}`)
  })
  return found
}
