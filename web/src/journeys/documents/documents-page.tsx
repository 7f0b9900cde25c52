// The documents of the tenant, and the way to bring more.
import { useQuery, useSuspenseQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { may, type Session, sessionQuery } from '../../api/session.ts'
import { LinkButton } from '../../parts/actions/button.tsx'
import { EmptyState } from '../../parts/shown/empty-state.tsx'
import { PageHead } from '../../parts/shown/page-head.tsx'
import { BringActions } from './bring/bring-actions.tsx'
import { BringPanel } from './bring/bring-panel.tsx'
import { BringSettingsForm, NO_DRAFT, settingsOf } from './bring/bring-settings.tsx'
import type { BroughtSource } from './bring/bring-queue.ts'
import { DropZone } from './bring/drop-zone.tsx'
import { openIngestions } from './bring/open-ingestions.ts'
import { useBringQueue } from './bring/use-bring-queue.ts'
import { DocumentList } from './list/document-list.tsx'

export function DocumentsPage() {
  const { data: session } = useSuspenseQuery(sessionQuery)
  if (!may(session, 'documents:write')) {
    return (
      <>
        <PageHead title="Documents" />
        <DocumentList
          empty={<EmptyState title="No documents yet">Whoever may add some has not done so.</EmptyState>}
        />
      </>
    )
  }
  return <WritablePage session={session} />
}

function WritablePage({ session }: { readonly session: Session }) {
  const { queue, state } = useBringQueue()
  const [draft, setDraft] = useState(NO_DRAFT)
  // What was on its way when the page was left is still on its way.
  const listed = useQuery({
    queryKey: ['list_ingestions', 'open'],
    queryFn: async ({ signal }) => {
      const open = await openIngestions(signal)
      // Before the list below is let go: it would be pushed down.
      queue.adopt(open)
      return open
    },
  })
  const bring = (sources: readonly BroughtSource[]) => queue.add(sources, settingsOf(draft))
  return (
    <>
      <PageHead title="Documents" actions={<BringActions onBring={bring} />} />
      <DropZone onBring={bring} />
      <BringSettingsForm session={session} draft={draft} onChange={setDraft} />
      <BringPanel queue={queue} state={state} />
      <DocumentList empty={<NoDocuments />} isHeld={listed.isPending} />
    </>
  )
}

function NoDocuments() {
  return (
    <EmptyState title="No documents yet" action={<LinkButton to="/start">See the first steps</LinkButton>}>
      Drop files or whole folders anywhere on this page: PDF, Word, Excel, PowerPoint, HTML, Markdown, CSV,
      JSON or plain text. They can be searched a moment later.
    </EmptyState>
  )
}
