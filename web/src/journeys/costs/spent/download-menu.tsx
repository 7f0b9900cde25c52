// Exports of exactly what is shown: the report as it stands, or every charge of the same days.
import { Download } from 'lucide-react'
import { Button } from '../../../parts/actions/button.tsx'
import { Menu } from '../../../parts/overlays/menu.tsx'
import type { By, Days } from '../costs-params.ts'
import { downloadLedger, downloadReport } from './download.ts'

export interface DownloadMenuProps {
  readonly by: By
  readonly days: Days
  readonly onSaved: (name: string) => void
  readonly onProblem: (problem: unknown) => void
}

export function DownloadMenu({ by, days, onSaved, onProblem }: DownloadMenuProps) {
  const report = (format: 'csv' | 'json') => () =>
    void downloadReport(by, days, format).then(onSaved, onProblem)
  const ledger = (format: 'csv' | 'json') => () => downloadLedger(days, format)
  return (
    <Menu
      trigger={
        <Button>
          <Download size={14} aria-hidden="true" /> Export
        </Button>
      }
      items={[
        {
          key: 'rc',
          words: 'Report as CSV',
          act: report('csv'),
          group: `By ${by}, ${days.from} to ${days.to}`,
        },
        { key: 'rj', words: 'Report as JSON', act: report('json') },
        { key: 'lc', words: 'Ledger as CSV', act: ledger('csv'), group: 'Every charge of these days' },
        { key: 'lj', words: 'Ledger as JSON', act: ledger('json') },
      ]}
    />
  )
}
