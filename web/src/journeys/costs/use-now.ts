// The time, to the minute: a page that stays open goes on to the next day by itself.
import { useEffect, useState } from 'react'

const MINUTE_MS = 60_000

export function useNow(): Date {
  const [now, setNow] = useState(() => new Date())
  useEffect(() => {
    const timer = setInterval(() => setNow(new Date()), MINUTE_MS)
    return () => clearInterval(timer)
  }, [])
  return now
}
