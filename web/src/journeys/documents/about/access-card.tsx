// Who may read a document, for those who may change it.
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { call } from '../../../api/call.ts'
import { operationQuery } from '../../../api/operation-query.ts'
import type { Session } from '../../../api/session.ts'
import { Button } from '../../../parts/actions/button.tsx'
import { FormDialog } from '../../../parts/forms/form-dialog.tsx'
import { Card } from '../../../parts/shown/card.tsx'
import { ProblemNote } from '../../../parts/shown/problem-note.tsx'
import { Waiting } from '../../../parts/shown/waiting.tsx'
import { type Access, AccessChoice } from './access-choice.tsx'

export interface AccessCardProps {
  readonly session: Session
  readonly documentId: string
  readonly onDone: (words: string) => void
}

export function AccessCard({ session, documentId, onDone }: AccessCardProps) {
  const client = useQueryClient()
  const [draft, setDraft] = useState<Access>()
  const query = useQuery(operationQuery('get_document_access', { document: documentId }))
  const access = query.data?.access
  const save = async () => {
    if (draft === undefined) return
    const { changed } = await call('set_document_access', { document: documentId, access: draft })
    await client.invalidateQueries({ queryKey: ['get_document_access'] })
    onDone(changed ? 'Who may read it has changed; searches go by it from now on.' : 'Nothing was changed.')
  }
  return (
    <Card
      title="Who may read it"
      actions={
        access !== undefined && (
          <Button look="quiet" onClick={() => setDraft(access)}>
            Change
          </Button>
        )
      }
    >
      {query.isError && <ProblemNote problem={query.error} onRetry={() => void query.refetch()} />}
      {query.isPending && <Waiting what="who may read it" lines={1} />}
      {access !== undefined && <Readers access={access} />}
      <FormDialog
        title="Who may read it"
        deed="Save"
        isOpen={draft !== undefined}
        onClose={() => setDraft(undefined)}
        act={save}
      >
        {() =>
          draft !== undefined && (
            <>
              <AccessChoice session={session} value={draft} onChange={setDraft} />
              <p className="text-xs text-soft">
                Nobody else finds it from the next search on. Administrators read all documents.
              </p>
            </>
          )
        }
      </FormDialog>
    </Card>
  )
}

function Readers({ access }: { readonly access: Access }) {
  if (access === 'everyone') return <p className="text-sm">Everyone in this tenant.</p>
  const { users, groups } = access
  if (users.length + groups.length === 0) return <p className="text-sm">Only those who read all documents.</p>
  return (
    <ul className="space-y-1 text-sm">
      {groups.map(group => (
        <li key={group} className="wrap-anywhere">
          <bdi>{group}</bdi> <span className="text-soft">(group)</span>
        </li>
      ))}
      {users.map(user => (
        <li key={user} className="wrap-anywhere">
          <bdi>{user}</bdi>
        </li>
      ))}
    </ul>
  )
}
