// Moves the children of a list from where they stood to where they stand, when their order has changed.
import { type RefObject, useLayoutEffect, useRef } from 'react'

const GLIDE_MS = 220

/** Children are told apart by `data-hit`; `order` names them in their order. */
export function useGlide(list: RefObject<HTMLElement | null>, order: string): void {
  const before = useRef(new Map<string, number>())
  useLayoutEffect(() => {
    const tops = new Map<string, number>()
    const isStill = window.matchMedia('(prefers-reduced-motion: reduce)').matches
    for (const child of list.current?.children ?? []) {
      if (!(child instanceof HTMLElement)) continue
      const key = child.dataset['hit'] ?? ''
      const top = child.offsetTop
      tops.set(key, top)
      const moved = (before.current.get(key) ?? top) - top
      if (moved === 0 || isStill) continue
      child.animate([{ transform: `translateY(${moved}px)` }, { transform: 'none' }], {
        duration: GLIDE_MS,
        easing: 'ease-out',
      })
    }
    before.current = tops
  }, [list, order])
}
