// Keys that work everywhere: `/` for the search, `?` for the list of keys, `g` and a letter to go somewhere. None works
// while somebody types (WCAG 2.1.4).
import { useNavigate } from '@tanstack/react-router'
import { useEffect, useEffectEvent, useRef } from 'react'
import type { Entry } from './places.ts'

const SECOND_KEY_MS = 1_500
/** Moments are counted from the page's own beginning: 0 would be a `g` for whoever is quick. */
const NEVER = Number.NEGATIVE_INFINITY

export function useShellKeys(entries: readonly Entry[], onHelp: () => void): void {
  const navigate = useNavigate()
  const sinceG = useRef(NEVER)
  const goToSearch = useEffectEvent((event: KeyboardEvent) => {
    event.preventDefault()
    const field = document.querySelector<HTMLInputElement>('[data-search]')
    if (field !== null) field.select()
    else if (entries.some(({ to }) => to === '/search'))
      void navigate({ to: '/search' }).then(selectWhenShown)
  })
  const pressed = useEffectEvent((event: KeyboardEvent) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event)) return
    const entry = entries.find(({ key }) => key === event.key)
    if (event.key === '/') goToSearch(event)
    else if (event.key === '?') onHelp()
    else if (entry !== undefined && event.timeStamp - sinceG.current < SECOND_KEY_MS)
      void navigate({ to: entry.to })
    sinceG.current = event.key === 'g' ? event.timeStamp : NEVER
  })
  useEffect(() => {
    const listener = (event: KeyboardEvent) => pressed(event)
    window.addEventListener('keydown', listener)
    return () => window.removeEventListener('keydown', listener)
  }, [])
}

/** After the page has given the focus to its own beginning. */
function selectWhenShown(): void {
  requestAnimationFrame(() => document.querySelector<HTMLInputElement>('[data-search]')?.select())
}

function isTyping({ target }: KeyboardEvent): boolean {
  if (!(target instanceof HTMLElement)) return false
  return (
    target.isContentEditable ||
    target.closest('input, textarea, select, [role="menu"], [role="listbox"]') !== null
  )
}
