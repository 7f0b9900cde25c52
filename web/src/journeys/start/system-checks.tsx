// How the deployment stands, in a few lines; the rest is on its own page.
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { operationQuery } from '../../api/operation-query.ts'
import { Card } from '../../parts/shown/card.tsx'
import { ProblemNote } from '../../parts/shown/problem-note.tsx'
import { Waiting } from '../../parts/shown/waiting.tsx'
import { Checks } from './checks.tsx'

export function SystemChecks() {
  const status = useQuery(operationQuery('get_system_status', {}))
  return (
    <Card title="Does it work?">
      {status.isError && <ProblemNote problem={status.error} onRetry={() => void status.refetch()} />}
      {status.isPending && <Waiting what="the state of the system" />}
      {status.data !== undefined && (
        <>
          <Checks
            checks={[
              {
                what: 'Database',
                isGood: status.data.dependencies.some(
                  ({ name, state }) => name === 'database' && state === 'ok',
                ),
                words:
                  status.data.engine.kind === 'embedded' ? 'embedded, in this server’s folder' : 'PostgreSQL',
              },
              {
                what: 'Embedding model',
                isGood: status.data.embedding_model !== null,
                words: status.data.embedding_model ?? 'none answers searches',
              },
              {
                what: 'Everything else',
                isGood: status.data.state === 'ok',
                words:
                  status.data.problems.length === 0 ? 'is as it should be' : status.data.problems.join(' '),
              },
            ]}
          />
          <p className="mt-3 text-sm">
            <Link to="/system" className="text-accent underline">
              All of the system’s state
            </Link>
          </p>
        </>
      )}
    </Card>
  )
}
