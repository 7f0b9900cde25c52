// The one queue of this page for components: kept beside the server's answers, so that it outlives the view that shows it.
import { type QueryClient, useQueryClient } from '@tanstack/react-query'
import { useState, useSyncExternalStore } from 'react'
import { STALE } from '../about/stale.ts'
import { bringQueue, type BringQueue } from './bring-queue.ts'
import type { BringState } from './brought-files.ts'

const KEY = ['the files that are brought']
/** A list that is open shows what came in, but not after each of hundreds. */
const REFRESH_MS = 1_500

export function useBringQueue(): { readonly queue: BringQueue; readonly state: BringState } {
  const client = useQueryClient()
  const [queue] = useState(() => queueOf(client))
  return { queue, state: useSyncExternalStore(queue.subscribe, queue.state) }
}

function queueOf(client: QueryClient): BringQueue {
  const kept = client.getQueryData<BringQueue>(KEY)
  if (kept !== undefined) return kept
  let refresh: ReturnType<typeof setTimeout> | undefined
  const queue = bringQueue({
    onFound: () => {
      refresh ??= setTimeout(() => {
        refresh = undefined
        for (const queryKey of STALE) void client.invalidateQueries({ queryKey })
      }, REFRESH_MS)
    },
  })
  client.setQueryDefaults(KEY, { gcTime: Number.POSITIVE_INFINITY, staleTime: Number.POSITIVE_INFINITY })
  client.setQueryData(KEY, queue)
  return queue
}
