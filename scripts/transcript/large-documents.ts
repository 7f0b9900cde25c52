// Documents of any size to ingest: sentences of the samples' own words in an order that is the same in every run.
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from './checkout.ts'

export interface LargeDocument {
  readonly title: string
  readonly content: string
  /** A word that stands in this document alone. */
  readonly marker: string
}

export function largeDocuments(prefix: string, count: number, bytes: number): LargeDocument[] {
  const words = sampleWords()
  return Array.from({ length: count }, (_, index) => {
    const marker = `${prefix}marker${String.fromCharCode(97 + (index % 26))}${index}`
    return { title: `Large document ${index + 1}`, marker, content: text(words, bytes, index, marker) }
  })
}

function text(words: readonly string[], bytes: number, seed: number, marker: string): string {
  const parts = [`${marker}.`]
  let length = marker.length
  for (let state = seed * 7919 + 1; length < bytes; ) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
    // The low bits of such a generator repeat after a few steps.
    const word = words[(state >>> 8) % words.length] ?? ''
    const end = parts.length % 96 === 0 ? '.\n\n' : parts.length % 12 === 0 ? '.' : ''
    parts.push(`${word}${end}`)
    length += word.length + end.length + 1
  }
  return parts.join(' ')
}

function sampleWords(): string[] {
  return globSync('samples/*/*.md', { cwd: ROOT })
    .toSorted()
    .flatMap(path => readFileSync(join(ROOT, path), 'utf8').match(/[A-Za-z]{2,}/g) ?? [])
}
