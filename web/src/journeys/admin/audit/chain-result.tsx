// What verifying a chain came to: what it proves, or every place where the record is not as it was written.
import { ShieldAlert, ShieldCheck } from 'lucide-react'
import type { Output } from '../../../api/call.ts'
import type { AuditFinding } from '../../../api/operations.gen.ts'
import { CopyButton } from '../../../parts/actions/copy-button.tsx'
import { Banner } from '../../../parts/shown/banner.tsx'
import { headText } from './head-text.ts'

const KINDS: Record<AuditFinding['kind'], string> = {
  edited: 'was edited after it was linked',
  removed: 'is gone',
  inserted: 'was put in between',
  reordered: 'stands in another place than it was linked at',
  cut_off: 'is missing: the end of the chain was cut off',
  head_mismatch: 'does not match the head that was kept',
}

export interface ChainResultProps {
  readonly result: Output<'verify_audit'>
  /** With a head that was kept elsewhere. */
  readonly isCompared: boolean
}

export function ChainResult({ result, isCompared }: ChainResultProps) {
  const { ok, rows, head, open_tail } = result
  const isEmpty = ok && rows === 0
  return (
    <div className="space-y-2 text-sm">
      {isEmpty && <p className="text-soft">Nothing is linked yet: there is nothing to verify.</p>}
      {isEmpty ? null : ok ? (
        <p className="flex items-start gap-2 font-medium text-good">
          <ShieldCheck size={18} aria-hidden="true" className="shrink-0" />
          Verified: {rows.toLocaleString()} rows are as they were written.
        </p>
      ) : (
        <Findings result={result} />
      )}
      {ok && !isEmpty && (
        <p className="text-soft">
          {isCompared
            ? 'The chain passes through the saved head: nothing before it was rewritten since it was saved.'
            : 'No linked row was edited, removed, put in or moved. Keep the head elsewhere: compared with it later, it shows that the whole chain was not written anew either.'}
        </p>
      )}
      {head !== null && (
        <div className="flex items-center gap-2 rounded-md bg-sunken py-1 pl-2.5">
          <span className="shrink-0 text-xs text-soft">Head</span>
          <code className="min-w-0 flex-1 truncate font-mono text-xs" title={headText(head)}>
            {headText(head)}
          </code>
          <CopyButton text={headText(head)} what="the head" />
        </div>
      )}
      {open_tail.rows > 0 && (
        <p className="text-xs text-soft">
          {open_tail.rows.toLocaleString()} of the last seconds are not linked yet; nothing protects them
          until they are.
        </p>
      )}
    </div>
  )
}

function Findings({ result: { findings, more_findings, rows } }: Pick<ChainResultProps, 'result'>) {
  return (
    <Banner kind="wrong">
      <p className="flex items-center gap-2 font-semibold">
        <ShieldAlert size={16} aria-hidden="true" /> The record is not as it was written
      </p>
      <p>
        {rows.toLocaleString()} rows were checked. Keep a copy of the database as it is now, and find out who
        could write to it.
      </p>
      <ul className="mt-1 max-h-60 list-disc overflow-auto pl-5">
        {findings.map(({ kind, chained_as, until, sequence }) => (
          <li key={`${kind} ${chained_as} ${sequence ?? ''}`}>
            {until === undefined || until === chained_as
              ? `Row ${chained_as}`
              : `Rows ${chained_as} to ${until}`}{' '}
            {KINDS[kind]}
            {sequence !== undefined && ` (arrived as number ${sequence})`}
          </li>
        ))}
      </ul>
      {more_findings && <p>There are more than are listed.</p>}
    </Banner>
  )
}
