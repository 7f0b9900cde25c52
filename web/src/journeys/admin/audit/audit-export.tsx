// All rows of the filter as a CSV file, page after page; it is only handed out when it is whole.
import { Download } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { call, type Input } from '../../../api/call.ts'
import { Button } from '../../../parts/actions/button.tsx'
import { Dialog } from '../../../parts/overlays/dialog.tsx'
import { ProblemNote } from '../../../parts/shown/problem-note.tsx'
import { CSV_HEAD, csvLine } from '../../../../../src/protocols/exports/audit-csv.ts'

export interface AuditExportProps {
  readonly name: 'list_audit' | 'list_deployment_audit'
  readonly asked: Input<'list_audit'>
}

const PAGE = 500

export function AuditExport({ name, asked }: AuditExportProps) {
  const [rows, setRows] = useState<number>()
  const [problem, setProblem] = useState<unknown>()
  const under = useRef<AbortController>(undefined)
  useEffect(() => () => under.current?.abort(), [])
  const run = async () => {
    const controller = new AbortController()
    under.current = controller
    setProblem(undefined)
    setRows(0)
    try {
      save(await allRows({ name, asked }, controller.signal, setRows))
    } catch (error) {
      if (!controller.signal.aborted) setProblem(error)
    } finally {
      setRows(undefined)
    }
  }
  return (
    <>
      {rows === undefined ? (
        <Button look="quiet" onClick={() => void run()}>
          <Download size={14} aria-hidden="true" /> All of them as CSV
        </Button>
      ) : (
        <span role="status" className="flex items-center gap-2">
          <span className="figures">{rows.toLocaleString()} rows read</span>
          <Button onClick={() => under.current?.abort()}>Stop</Button>
        </span>
      )}
      <Dialog title="There is no file" isOpen={problem !== undefined} onClose={() => setProblem(undefined)}>
        <ProblemNote problem={problem} onRetry={() => void run()} />
      </Dialog>
    </>
  )
}

/** Oldest first, so that rows which arrive meanwhile come at the end instead of shifting pages. */
async function allRows(
  { name, asked }: AuditExportProps,
  signal: AbortSignal,
  onProgress: (rows: number) => void,
): Promise<string[]> {
  const lines = [CSV_HEAD]
  // Of now: reading the audit adds to it.
  const before = asked.before ?? new Date().toISOString()
  for (let cursor: string | undefined; ; ) {
    const input = { ...asked, before, order: 'oldest' as const, limit: PAGE }
    const page = await call(name, cursor === undefined ? input : { ...input, cursor }, signal)
    for (const row of page.rows) lines.push(csvLine(row))
    onProgress(lines.length - 1)
    cursor = page.next_cursor
    if (cursor === undefined) return lines
  }
}

function save(lines: readonly string[]): void {
  const url = URL.createObjectURL(new Blob([...lines], { type: 'text/csv;charset=utf-8' }))
  const link = document.createElement('a')
  link.href = url
  link.download = `audit-${new Date().toISOString().slice(0, 10)}.csv`
  link.click()
  setTimeout(() => URL.revokeObjectURL(url), 10_000)
}
