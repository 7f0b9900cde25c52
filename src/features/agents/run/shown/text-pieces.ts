// Text that comes into being word by word, written down in pieces: followers read along, and the database is not asked
// for every word.
import type { NewArtifact } from '../../workflows/workflow.ts'

export type TextArtifact = Omit<NewArtifact, 'parts'>

export interface TextPiece {
  readonly artifact: TextArtifact
  readonly text: string
  /** It begins here, anew if it was begun before. */
  readonly isFirst: boolean
  readonly isLast: boolean
}

export interface TextPieces {
  add(artifact: TextArtifact, text: string): void
  /** Afterwards nothing is taken any more. The last piece of each text, to be kept with the step's result; resolves when all others are written. */
  end(): Promise<TextPiece[]>
}

const GATHER_MS = 150
const MOST_CHARACTERS = 50_000
const FIRST_OF_PAIR = 0xd800
const SECOND_OF_PAIR = 0xdc00

interface Gathering {
  readonly artifact: TextArtifact
  text: string
  isBegun: boolean
}

/** `write` is called for one piece after the other; what it throws, `end` throws, and `onProblem` hears it at once. */
export function textPieces(
  write: (piece: TextPiece) => Promise<void>,
  onProblem: (error: unknown) => void,
): TextPieces {
  const texts = new Map<string, Gathering>()
  let written: Promise<unknown> = Promise.resolve()
  let timer: NodeJS.Timeout | undefined
  let isOver = false

  const flush = (): void => {
    timer = undefined
    for (const one of texts.values()) {
      // The last words stay until more come: the end of a text is a piece of its own, and none is empty.
      const at = whole(one.text, Math.min(one.text.length - 1, MOST_CHARACTERS))
      const [text, rest] = [one.text.slice(0, at), one.text.slice(at)]
      if (text === '') continue
      const piece = { artifact: one.artifact, text, isFirst: !one.isBegun, isLast: false }
      one.isBegun = true
      one.text = rest
      written = written.then(() => write(piece))
      written.catch(onProblem)
    }
  }
  return {
    add(artifact, text) {
      if (isOver) return
      const one = texts.get(artifact.id) ?? { artifact, text: '', isBegun: false }
      texts.set(artifact.id, one)
      one.text += text
      timer ??= setTimeout(flush, GATHER_MS)
    },
    async end() {
      isOver = true
      clearTimeout(timer)
      for (const one of texts.values()) while (one.text.length > MOST_CHARACTERS) flush()
      await written
      return [...texts.values()]
        .filter(({ text }) => text !== '')
        .map(({ artifact, text, isBegun }) => ({ artifact, text, isFirst: !isBegun, isLast: true }))
    },
  }
}

/** The place, or the one before it where it would part a pair of code units. */
function whole(text: string, at: number): number {
  const before = at > 0 ? text.charCodeAt(at - 1) : 0
  return before >= FIRST_OF_PAIR && before < SECOND_OF_PAIR ? at - 1 : at
}
