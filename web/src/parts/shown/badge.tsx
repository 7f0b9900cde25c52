// A word about a thing's state. The word tells it, the colour only helps.
import type { ReactNode } from 'react'

export type Tone = 'plain' | 'good' | 'warn' | 'wrong' | 'accent'

const TONES: Record<Tone, string> = {
  plain: 'border-line text-soft',
  good: 'border-transparent bg-good-ground text-good',
  warn: 'border-transparent bg-warn-ground text-warn',
  wrong: 'border-transparent bg-wrong-ground text-wrong',
  accent: 'border-transparent bg-accent-ground text-accent',
}

export function Badge({
  tone = 'plain',
  children,
  title,
}: {
  readonly tone?: Tone
  readonly children: ReactNode
  readonly title?: string
}) {
  return (
    <span
      title={title}
      className={`inline-flex items-center gap-1 rounded-sm border px-1.5 text-xs whitespace-nowrap ${TONES[tone]}`}
    >
      {children}
    </span>
  )
}
