// Where readers put their text. It leaves in pieces of bounded size; each write waits until the parent has taken what
// was full, so a reader is never further ahead than one piece.
import { MAX_PIECE } from '../child/parser-messages.ts'
import { Refusal } from '../refusal.ts'

export type SendPiece = (text: string, page: number | null) => Promise<void>

export interface TextSink {
  write(text: string, page?: number | null): Promise<void>
  flush(): Promise<void>
  /** Whether anything but white space was written. */
  hasText(): boolean
}

export function textSink(send: SendPiece, maxCharacters: number): TextSink {
  let held = ''
  let heldPage: number | null = null
  let total = 0
  let sawText = false

  const flush = async () => {
    const text = held
    held = ''
    if (text !== '') await send(text, heldPage)
  }
  return {
    async write(text, page = null) {
      total += text.length
      if (total > maxCharacters) throw new Refusal('too_much_text')
      sawText ||= /\S/.test(text)
      if (page !== heldPage) await flush()
      heldPage = page
      held += text
      while (held.length >= MAX_PIECE) {
        const end = pieceEnd(held)
        const piece = held.slice(0, end)
        held = held.slice(end)
        await send(piece, page)
      }
    },
    flush,
    hasText: () => sawText,
  }
}

/** A surrogate pair stays in one piece. */
function pieceEnd(text: string): number {
  const last = text.charCodeAt(MAX_PIECE - 1)
  return last >= 0xd800 && last <= 0xdbff ? MAX_PIECE - 1 : MAX_PIECE
}
