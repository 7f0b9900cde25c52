// What went wrong: the server's sentence, its code, and the ids to give to whoever looks after the server.
import type { ReactNode } from 'react'
import { asProblem } from '../../api/problem.ts'
import { Button } from '../actions/button.tsx'
import { CopyButton } from '../actions/copy-button.tsx'
import { Banner } from './banner.tsx'

export interface ProblemNoteProps {
  readonly problem: unknown
  readonly onRetry?: () => void
  readonly children?: ReactNode
}

export function ProblemNote({ problem: thrown, onRetry, children }: ProblemNoteProps) {
  const problem = asProblem(thrown)
  const { code, reason, traceId, requestId, issues } = problem
  const id = traceId ?? requestId
  const toCopy = [
    problem.message,
    `code ${code}${reason === undefined ? '' : `/${reason}`}`,
    id && `trace ${id}`,
  ]
  return (
    <Banner
      kind="wrong"
      action={
        <span className="flex items-center gap-1">
          {onRetry !== undefined && <Button onClick={onRetry}>Try again</Button>}
          <CopyButton text={toCopy.filter(Boolean).join('\n')} what="the error" isSmall />
        </span>
      }
    >
      <p>{problem.message}</p>
      {issues.length > 1 && (
        <ul className="list-disc pl-4">
          {issues.map(({ field, message }) => (
            <li key={`${field} ${message}`}>
              {field}: {message}
            </li>
          ))}
        </ul>
      )}
      {children}
      <p className="mt-1 font-mono text-xs opacity-80">
        {reason ?? code}
        {id !== undefined && ` · trace ${id}`}
      </p>
    </Banner>
  )
}
