// Where there is no page, or it broke. Whatever the reason, a foreign thing and a missing one look the same.
import type { ErrorComponentProps } from '@tanstack/react-router'
import { asProblem } from '../api/problem.ts'
import { LinkButton } from '../parts/actions/button.tsx'
import { EmptyState } from '../parts/shown/empty-state.tsx'
import { PageHead } from '../parts/shown/page-head.tsx'
import { ProblemNote } from '../parts/shown/problem-note.tsx'

export function MissingPage() {
  return (
    <>
      <PageHead title="Not found" />
      <EmptyState
        title="There is nothing here that you may see"
        action={
          <LinkButton to="/" look="strong">
            Go to the start
          </LinkButton>
        }
      >
        The address may be mistyped, the thing may be gone, or it belongs to another tenant than the one you
        are in.
      </EmptyState>
    </>
  )
}

export function FailedPage({ error, reset }: ErrorComponentProps) {
  if (asProblem(error).code === 'not_found') return <MissingPage />
  return (
    <>
      <PageHead title="This page could not be shown" />
      <ProblemNote problem={error} onRetry={reset} />
    </>
  )
}
