// What becomes of a tenant that was removed: under way, then the proof that nothing of it is left.
import { useQuery } from '@tanstack/react-query'
import { operationQuery } from '../../../api/operation-query.ts'
import type { Tenant } from '../../../api/operations.gen.ts'
import { Button, Spinner } from '../../../parts/actions/button.tsx'
import { Banner } from '../../../parts/shown/banner.tsx'
import { ProblemNote } from '../../../parts/shown/problem-note.tsx'

export interface ErasedNoteProps {
  readonly tenant: Tenant
  /** It is still there, being removed. */
  readonly isListed: boolean
  readonly onClose: () => void
}

export function ErasedNote({ tenant, isListed, onClose }: ErasedNoteProps) {
  const proof = useQuery({
    ...operationQuery('verify_erasure', { tenant_id: tenant.id }),
    enabled: !isListed,
  })
  return (
    <div className="mb-3">
      {isListed && (
        <Banner kind="info">
          <span className="flex items-center gap-2">
            <Spinner /> {tenant.name} is shut out and being erased. You may leave this page; it goes on.
          </span>
        </Banner>
      )}
      {proof.isError && <ProblemNote problem={proof.error} onRetry={() => void proof.refetch()} />}
      {proof.data?.erased === true && (
        <Banner kind="info" action={<Button onClick={onClose}>Done</Button>}>
          {tenant.name} is erased: every table, partition and job of the database was counted, and nothing of
          it is left.
        </Banner>
      )}
      {proof.data?.erased === false && (
        <Banner kind="wrong" action={<Button onClick={() => void proof.refetch()}>Count again</Button>}>
          Something of {tenant.name} is left:{' '}
          {proof.data.left.map(({ where, rows }) => `${rows.toLocaleString()} in ${where}`).join(', ')}.
        </Banner>
      )}
    </div>
  )
}
