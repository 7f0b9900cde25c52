// Asking: a conversation with the documents. Each question is a task that goes on by itself, whoever looks.
import { useQuery, useSuspenseQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { MessageSquarePlus } from 'lucide-react'
import { useState } from 'react'
import type { Task, Workflow } from '../../api/operations.gen.ts'
import { may, sessionQuery } from '../../api/session.ts'
import { LinkButton } from '../../parts/actions/button.tsx'
import { EmptyState } from '../../parts/shown/empty-state.tsx'
import { PageHead } from '../../parts/shown/page-head.tsx'
import { Waiting } from '../../parts/shown/waiting.tsx'
import { useWorkflows } from '../tasks/live/use-task.ts'
import { conversationQuery } from './conversation/conversation.ts'
import { Recent } from './conversation/recent.tsx'
import { Turns } from './conversation/turns.tsx'
import { type Draft, NO_DRAFT } from './question/draft.ts'
import { Examples } from './question/examples.tsx'
import { QuestionForm } from './question/question-form.tsx'

const route = getRouteApi('/ask')
const STANDARD = 'rag'

export function AskPage() {
  const { context } = route.useSearch()
  const workflows = useWorkflows()
  return (
    <>
      <PageHead
        title="Ask"
        lead="Answers from the documents you may read, with every citation checked."
        actions={
          context !== undefined && (
            <LinkButton to="/ask" search={{}}>
              <MessageSquarePlus size={14} aria-hidden="true" /> New conversation
            </LinkButton>
          )
        }
      />
      <div className="gap-8 lg:grid lg:grid-cols-[minmax(0,1fr)_14rem]">
        {workflows === undefined ? (
          <Waiting what="what can be asked" />
        ) : (
          <Conversation workflows={workflows} />
        )}
        <div className="max-lg:mt-8 max-lg:border-t max-lg:border-line max-lg:pt-4 lg:sticky lg:top-6 lg:max-h-[calc(100dvh-3rem)] lg:self-start lg:overflow-y-auto">
          <Recent current={context} />
        </div>
      </div>
    </>
  )
}

function Conversation({ workflows }: { readonly workflows: readonly Workflow[] }) {
  const { context: contextId, workflow: name = STANDARD } = route.useSearch()
  const navigate = route.useNavigate()
  const { data: session } = useSuspenseQuery(sessionQuery)
  const [draft, setDraft] = useDraft()
  const workflow = workflows.find(one => one.name === name) ?? workflows[0]
  const mayWrite = may(session, 'tasks:write')
  // One that is not there cannot be gone on with.
  const isThere = useIsThere(contextId)
  const goOn = ({ context_id }: Task) =>
    void navigate({ search: ({ q: _, ...old }) => ({ ...old, context: context_id }), resetScroll: false })
  return (
    <div className="min-w-0 space-y-6">
      {contextId !== undefined && (
        <Turns key={contextId} {...{ contextId, workflows, mayWrite }} onAgain={goOn} />
      )}
      {mayWrite && isThere && workflow !== undefined && (
        <QuestionForm
          {...{ workflows, workflow, contextId, draft }}
          onDraft={setDraft}
          onWorkflow={next => void navigate({ search: old => ({ ...old, workflow: next }), replace: true })}
          onStarted={goOn}
        />
      )}
      {mayWrite && workflow !== undefined && contextId === undefined && (
        <Examples workflow={workflow} onChoose={text => setDraft({ ...draft, text })} />
      )}
      {!mayWrite && contextId === undefined && (
        <EmptyState title="You may not ask here">
          Your role may read what was asked, but not start anything. An admin of the tenant can change that.
        </EmptyState>
      )}
    </div>
  )
}

/** Until it is known that a conversation is not there it is. */
function useIsThere(contextId: string | undefined): boolean {
  const { data } = useQuery({ ...conversationQuery(contextId ?? ''), enabled: contextId !== undefined })
  return contextId === undefined || data === undefined || data.tasks.length > 0
}

/** Begins with the question of the address, also when it comes while the page is open. */
function useDraft(): readonly [Draft, (draft: Draft) => void] {
  const { q = '' } = route.useSearch()
  const [draft, setDraft] = useState({ ...NO_DRAFT, text: q })
  const [taken, setTaken] = useState(q)
  if (q !== taken) {
    setTaken(q)
    if (q !== '') setDraft({ ...draft, text: q })
  }
  return [draft, setDraft]
}
