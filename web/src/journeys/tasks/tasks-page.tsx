// The tasks of whoever looks: the newest first, those that wait for somebody told apart.
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { call } from '../../api/call.ts'
import type { TaskState } from '../../api/operations.gen.ts'
import { Button, LinkButton } from '../../parts/actions/button.tsx'
import { Select } from '../../parts/inputs/select.tsx'
import { EmptyState } from '../../parts/shown/empty-state.tsx'
import { PageHead } from '../../parts/shown/page-head.tsx'
import { ProblemNote } from '../../parts/shown/problem-note.tsx'
import { Waiting } from '../../parts/shown/waiting.tsx'
import { TaskTable } from './list/task-table.tsx'
import { stateWords } from './state-badge.tsx'
import { STATES } from './tasks-params.ts'

const route = getRouteApi('/tasks')
const PAGE = 50
/** Among the newest of a task is what was asked, but where much was said. */
const MOST_MESSAGES = 10
/** There is no stream of all tasks. */
const LOOK_AGAIN_MS = 5_000

export function TasksPage() {
  const { state } = route.useSearch()
  const navigate = route.useNavigate()
  return (
    <>
      <PageHead
        title="Tasks"
        lead="What agents do and did for you, also when you were not looking."
        actions={
          <LinkButton to="/ask" look="strong">
            Ask something
          </LinkButton>
        }
      />
      <div className="mb-3 max-w-56">
        <Select
          label="State"
          value={state ?? 'all'}
          choices={[
            { value: 'all', label: 'Every state' },
            ...STATES.map(value => ({ value, label: stateWords(value) })),
          ]}
          onChange={next => void navigate({ search: next === 'all' ? {} : { state: next } })}
        />
      </div>
      <TaskList key={state} state={state} />
    </>
  )
}

function TaskList({ state }: { readonly state: TaskState | undefined }) {
  const list = useInfiniteQuery({
    queryKey: ['list_tasks', { state, page_size: PAGE }, 'pages'],
    queryFn: ({ pageParam, signal }) =>
      call(
        'list_tasks',
        {
          page_size: PAGE,
          history_length: MOST_MESSAGES,
          ...(state === undefined ? {} : { state }),
          ...(pageParam === '' ? {} : { page_token: pageParam }),
        },
        signal,
      ),
    initialPageParam: '',
    getNextPageParam: ({ next_page_token }) => (next_page_token === '' ? undefined : next_page_token),
    refetchInterval: LOOK_AGAIN_MS,
    placeholderData: keepPreviousData,
  })
  const tasks = list.data?.pages.flatMap(page => page.tasks) ?? []
  const total = list.data?.pages[0]?.total_size ?? 0
  if (list.isPending) return <Waiting what="the tasks" lines={6} />
  if (list.data === undefined) {
    return <ProblemNote problem={list.error} onRetry={() => void list.refetch()} />
  }
  return (
    <div className="space-y-3">
      {list.isError && <ProblemNote problem={list.error} onRetry={() => void list.refetch()} />}
      {tasks.length === 0 ? <NoTasks state={state} /> : <TaskTable tasks={tasks} />}
      {tasks.length > 0 && (
        <p role="status" className="figures text-sm text-soft">
          {tasks.length.toLocaleString()} of {total.toLocaleString()}
        </p>
      )}
      {list.hasNextPage && (
        <Button isBusy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          Show more
        </Button>
      )}
    </div>
  )
}

function NoTasks({ state }: { readonly state: TaskState | undefined }) {
  if (state !== undefined) {
    return (
      <EmptyState
        title={`No task ${stateWords(state)}`}
        action={<LinkButton to="/tasks">Show every state</LinkButton>}
      />
    )
  }
  return (
    <EmptyState
      title="No tasks yet"
      action={
        <LinkButton to="/ask" look="strong">
          Ask your documents
        </LinkButton>
      }
    >
      A question to your documents is a task: it goes on by itself and can be watched here.
    </EmptyState>
  )
}
