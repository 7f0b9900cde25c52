// Copies the address of the passage, to send it to somebody who may read it.
import { useRouter } from '@tanstack/react-router'
import { Link2 } from 'lucide-react'
import { useState } from 'react'
import { Button } from '../../../parts/actions/button.tsx'
import { passageOf } from './hit-title.tsx'
import type { SearchHit } from './search-hit.ts'

const SAID_MS = 2_000

export function LinkToPassage({ hit }: { readonly hit: SearchHit }) {
  const router = useRouter()
  const [said, setSaid] = useState('')
  const say = (words: string) => {
    setSaid(words)
    setTimeout(() => setSaid(''), SAID_MS)
  }
  const copy = () => {
    const { href } = router.buildLocation(passageOf(hit))
    return navigator.clipboard.writeText(new URL(href, window.location.origin).href).then(
      () => say('Copied'),
      () => say('The browser does not let this page copy'),
    )
  }
  return (
    <Button
      look="quiet"
      onClick={() => void copy()}
      aria-label={`Copy the link to this passage of ${hit.title}`}
      title="Copy the link to this passage"
    >
      <Link2 size={14} aria-hidden="true" />
      <span role="status" className={said === '' ? 'unseen' : 'text-xs'}>
        {said}
      </span>
    </Button>
  )
}
