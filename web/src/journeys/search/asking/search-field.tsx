// The field a search begins with. What is typed is searched after a moment's rest; Enter does not wait.
import { Search } from 'lucide-react'
import { useEffect, useEffectEvent, useRef, useState } from 'react'
import { Button } from '../../../parts/actions/button.tsx'
import { INPUT } from '../../../parts/inputs/field.tsx'

export interface SearchFieldProps {
  readonly query: string
  /** `isTyping`: more may come; the history of the browser keeps only what somebody stopped at. */
  readonly onQuery: (query: string, isTyping: boolean) => void
  /** How long to wait for the next letter. */
  readonly restMs: number
  readonly isBusy: boolean
}

export function SearchField({ query, onQuery, restMs, isBusy }: SearchFieldProps) {
  const [typed, setTyped] = useState(query)
  // What this field asked for itself comes back by the address, and must not overwrite the letters typed meanwhile.
  const asked = useRef(query)
  const isTyping = useRef(false)
  useEffect(() => {
    if (query === asked.current) return
    asked.current = query
    setTyped(query)
  }, [query])
  const ask = () => {
    if (typed.trim() === asked.current.trim()) return
    asked.current = typed.trim() === '' ? '' : typed
    onQuery(asked.current, isTyping.current)
    isTyping.current = true
  }
  const askAtRest = useEffectEvent(ask)
  useEffect(() => {
    const timer = setTimeout(askAtRest, restMs)
    return () => clearTimeout(timer)
  }, [typed, restMs])
  return (
    <form
      className="flex gap-2"
      onSubmit={event => {
        event.preventDefault()
        ask()
        isTyping.current = false
      }}
    >
      <input
        name="q"
        type="search"
        data-search
        value={typed}
        onChange={event => setTyped(event.target.value)}
        onFocus={() => {
          isTyping.current = false
        }}
        autoComplete="off"
        enterKeyHint="search"
        maxLength={10_000}
        aria-label="What to search for"
        placeholder='Words, "a phrase", -excluded, or a question'
        className={INPUT}
      />
      <Button type="submit" look="strong" aria-busy={isBusy || undefined}>
        <Search size={14} aria-hidden="true" /> Search
      </Button>
    </form>
  )
}
