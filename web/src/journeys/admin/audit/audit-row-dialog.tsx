// All that one row of an audit holds.
import type { ReactNode } from 'react'
import type { AuditRow } from '../../../api/operations.gen.ts'
import { CopyButton } from '../../../parts/actions/copy-button.tsx'
import { Dialog } from '../../../parts/overlays/dialog.tsx'

export interface AuditRowDialogProps {
  /** Undefined: closed. */
  readonly row: AuditRow | undefined
  readonly onClose: () => void
}

export function AuditRowDialog({ row, onClose }: AuditRowDialogProps) {
  return (
    <Dialog
      title={row === undefined ? '' : `${row.operation}: ${row.outcome}`}
      isOpen={row !== undefined}
      onClose={onClose}
      isWide
    >
      {row !== undefined && (
        <>
          <dl className="grid gap-x-6 gap-y-2 text-sm sm:grid-cols-[auto_minmax(0,1fr)]">
            {FACTS.map(([name, of]) => (
              <Fact key={name} name={name}>
                {of(row)}
              </Fact>
            ))}
          </dl>
          <div className="mt-4 flex justify-end">
            <CopyButton text={JSON.stringify(row, undefined, 2)} what="the row as JSON" />
          </div>
        </>
      )}
    </Dialog>
  )
}

const FACTS: readonly (readonly [string, (row: AuditRow) => string])[] = [
  ['At (UTC)', row => row.at],
  ['Who', row => row.subject],
  ['By the credential', row => row.token_id ?? 'none of its own'],
  ['On what', row => row.object ?? 'nothing by name'],
  ['Fault', row => row.fault ?? 'none'],
  ['Request id', row => row.request_id],
  ['Trace id', row => row.trace_id],
  ['Row', row => `${row.id}, number ${row.sequence} by arrival`],
  ['Chained as', row => (row.chained_as === null ? 'not yet: within seconds' : String(row.chained_as))],
  ['Hash of the link', row => row.chain_hash ?? 'not yet'],
]

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <>
      <dt className="text-soft">{name}</dt>
      <dd className="font-mono text-xs leading-5 break-all">
        <bdi>{children}</bdi>
      </dd>
    </>
  )
}
