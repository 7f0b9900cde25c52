// The head of a chain as one text that can be kept anywhere: its place and its hash. Pure.
import type { SavedHead } from '../../../api/operations.gen.ts'

export function headText({ chained_as, chain_hash }: SavedHead): string {
  return `${chained_as}:${chain_hash}`
}

/** Undefined for what is no such text. */
export function headOf(text: string): SavedHead | undefined {
  const [, place, hash] = /^\s*(\d{1,15})\s*:\s*([0-9a-f]{64})\s*$/i.exec(text) ?? []
  return place === undefined || hash === undefined
    ? undefined
    : { chained_as: Number(place), chain_hash: hash.toLowerCase() }
}
