// One task, live. One that is not there and one of somebody else look the same.
import { useQuery, useSuspenseQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { operationQuery } from '../../api/operation-query.ts'
import { may, sessionQuery } from '../../api/session.ts'
import { PageHead } from '../../parts/shown/page-head.tsx'
import { ProblemNote } from '../../parts/shown/problem-note.tsx'
import { Waiting } from '../../parts/shown/waiting.tsx'
import { MissingPage } from '../../shell/no-page.tsx'
import { LiveTask } from './live/live-task.tsx'
import { useWorkflows } from './live/use-task.ts'

const route = getRouteApi('/tasks/$taskId')
/** What has no such shape is no id of a task: the server would say so in other words than of one that is not there. */
const ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

export function TaskPage() {
  const { taskId } = route.useParams()
  return ID.test(taskId) ? <Known key={taskId} taskId={taskId} /> : <MissingPage />
}

function Known({ taskId }: { readonly taskId: string }) {
  const { show } = route.useSearch()
  const { data: session } = useSuspenseQuery(sessionQuery)
  const workflows = useWorkflows()
  const task = useQuery(operationQuery('get_task', { task_id: taskId, artifacts: false }))
  if (task.isError && task.error.code === 'not_found') return <MissingPage />
  if (task.isError) {
    return (
      <>
        <PageHead title="Task" />
        <ProblemNote problem={task.error} onRetry={() => void task.refetch()} />
      </>
    )
  }
  if (task.isPending || workflows === undefined) {
    return (
      <>
        <PageHead title="Task" />
        <Waiting what="the task" lines={6} />
      </>
    )
  }
  return (
    <LiveTask
      task={task.data.task}
      workflows={workflows}
      mayWrite={may(session, 'tasks:write')}
      isInspected={show === 'events'}
    />
  )
}
