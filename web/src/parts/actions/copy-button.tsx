// Copies a text and says that it did.
import { Check, Copy } from 'lucide-react'
import { useState } from 'react'
import { Button } from './button.tsx'

const SAID_MS = 2_000

export interface CopyButtonProps {
  readonly text: string
  /** What is copied, as in "Copy the token". */
  readonly what: string
  readonly isSmall?: boolean
}

export function CopyButton({ text, what, isSmall = false }: CopyButtonProps) {
  const [said, setSaid] = useState('')
  const say = (words: string) => {
    setSaid(words)
    setTimeout(() => setSaid(''), SAID_MS)
  }
  const copy = () =>
    navigator.clipboard.writeText(text).then(
      () => say('Copied'),
      () => say('The browser does not let this page copy'),
    )
  const Icon = said === 'Copied' ? Check : Copy
  return (
    <Button look="quiet" onClick={() => void copy()} aria-label={`Copy ${what}`} title={`Copy ${what}`}>
      <Icon size={14} aria-hidden="true" />
      {!isSmall && (said || 'Copy')}
      <span className="unseen" role="status">
        {said}
      </span>
    </Button>
  )
}
