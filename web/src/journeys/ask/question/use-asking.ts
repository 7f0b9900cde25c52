// Sends a question: the same one, sent twice by accident, is one task.
import { useQueryClient } from '@tanstack/react-query'
import { useRef } from 'react'
import { useChange } from '../../../api/operation-query.ts'
import type { Input } from '../../../api/call.ts'
import type { Task } from '../../../api/operations.gen.ts'
import { conversationQuery } from '../conversation/conversation.ts'

type Started = Input<'start_task'>

export function useAsking(onStarted: (task: Task) => void) {
  const client = useQueryClient()
  const start = useChange('start_task')
  const key = useRef<{ readonly of: string; readonly key: string } | undefined>(undefined)
  const ask = (input: Started) => {
    const of = JSON.stringify(input)
    // After a lost connection nobody knows whether it arrived: sent again it has the same key.
    if (key.current?.of !== of) key.current = { of, key: crypto.randomUUID() }
    start.mutate(
      { ...input, idempotency_key: key.current.key },
      {
        onSuccess: ({ task }) => {
          key.current = undefined
          const query = conversationQuery(task.context_id)
          const shown = { ...task, history: [messageOf(task, input)], artifacts: [] }
          client.setQueryData(query.queryKey, before => ({
            ...(before ?? { next_page_token: '', page_size: 0, total_size: 0 }),
            tasks: [shown, ...(before?.tasks ?? []).filter(({ task_id }) => task_id !== task.task_id)],
          }))
          void client.invalidateQueries({ queryKey: ['list_tasks'] })
          onStarted(task)
        },
      },
    )
  }
  return { ask, isBusy: start.isPending, problem: start.error }
}

/** Until the server tells its history. */
function messageOf({ created_at }: Task, { input }: Started): NonNullable<Task['history']>[number] {
  const text = input?.['question']
  return {
    message_id: 'sent',
    role: 'user',
    parts: typeof text === 'string' ? [{ text }] : [],
    at: created_at,
  }
}
