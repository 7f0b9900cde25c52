// Ends a task, after asking.
import { Square } from 'lucide-react'
import { useState } from 'react'
import { useChange } from '../../../api/operation-query.ts'
import { Button } from '../../../parts/actions/button.tsx'
import { Confirm } from '../../../parts/overlays/confirm.tsx'

export function CancelButton({ taskId }: { readonly taskId: string }) {
  const [isAsked, setAsked] = useState(false)
  const cancel = useChange('cancel_task', ['get_task', 'list_tasks', 'get_task_cost'])
  return (
    <>
      <Button onClick={() => setAsked(true)}>
        <Square size={12} aria-hidden="true" /> Cancel
      </Button>
      <Confirm
        title="Cancel this task?"
        deed="Cancel the task"
        isOpen={isAsked}
        onClose={() => setAsked(false)}
        act={() => cancel.mutateAsync({ task_id: taskId })}
      >
        It ends wherever it runs. What it has made so far stays, and what it has cost is not given back.
      </Confirm>
    </>
  )
}
