// Where each page was scrolled to, for those who go back to it. Kept in memory: the router's own way writes it into the
// browser's storage.
import type { AnyRouter } from '@tanstack/react-router'

const MOST = 100

/** A new page begins at its top, one that was there before where it was left. */
export function rememberScroll(router: AnyRouter): void {
  const places = new Map<string, number>()
  window.history.scrollRestoration = 'manual'
  router.subscribe('onBeforeNavigate', ({ fromLocation }) => {
    const key = fromLocation?.state.__TSR_key
    if (key === undefined) return
    places.delete(key)
    places.set(key, window.scrollY)
    const [oldest] = places.keys()
    if (places.size > MOST && oldest !== undefined) places.delete(oldest)
  })
  router.subscribe('onRendered', ({ toLocation, pathChanged }) => {
    const place = places.get(toLocation.state.__TSR_key ?? '')
    if (place !== undefined || pathChanged) window.scrollTo(0, place ?? 0)
  })
}
