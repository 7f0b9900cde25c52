// A running check, as it goes: asks on and on for what came next, through lost connections too.
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { call, type Output } from '../../api/call.ts'
import { type ApiProblem, asProblem } from '../../api/problem.ts'
import type { Outcome, Planned } from './grouped.ts'

type Followed = Output<'follow_isolation_check'>

export interface LiveCheck {
  readonly planned: readonly Planned[]
  readonly outcomes: readonly Outcome[]
  readonly stage: Followed['stage']
  readonly startedAt: string
  /** The last look failed; it is tried again. */
  readonly problem: ApiProblem | undefined
}

const WAIT_S = 15
const PAUSE_MS = 3_000

/** Undefined while nothing is known, or nothing is followed. */
export function useCheck(checkId: string | undefined): LiveCheck | undefined {
  const client = useQueryClient()
  const [live, setLive] = useState<LiveCheck>()
  useEffect(() => {
    if (checkId === undefined) return undefined
    const controller = new AbortController()
    const { signal } = controller
    const tell = (change: (old: LiveCheck | undefined) => LiveCheck | undefined) => {
      if (!signal.aborted) setLive(change)
    }
    void followed(checkId, signal, tell).then(() => {
      if (!signal.aborted) void client.invalidateQueries({ queryKey: ['get_last_isolation_check'] })
    })
    return () => {
      controller.abort()
      setLive(undefined)
    }
  }, [checkId, client])
  return live
}

type Tell = (change: (old: LiveCheck | undefined) => LiveCheck | undefined) => void

/** Resolves when the check has ended, or there is nothing to follow any more. */
async function followed(check_id: string, signal: AbortSignal, tell: Tell): Promise<void> {
  let after = 0
  let stage: Followed['stage'] | undefined
  while (!signal.aborted) {
    try {
      const news = await call(
        'follow_isolation_check',
        { check_id, after, stage, wait_seconds: WAIT_S },
        signal,
      )
      after = news.after
      stage = news.stage
      tell(old => withNews(old, news))
      if (news.state !== 'running') return
    } catch (error) {
      const problem = asProblem(error)
      if (signal.aborted || problem.code === 'not_found') return
      tell(old => old && { ...old, problem })
      await new Promise(resolve => setTimeout(resolve, PAUSE_MS))
    }
  }
}

function withNews(old: LiveCheck | undefined, news: Followed): LiveCheck {
  return {
    planned: news.planned.length > 0 ? news.planned : (old?.planned ?? []),
    outcomes: [...(old?.outcomes ?? []), ...news.outcomes],
    stage: news.stage,
    startedAt: news.started_at,
    problem: undefined,
  }
}
