// Whether a chain is as it was written: computed anew when somebody asks, also against a head that was kept elsewhere.
import { useMutation } from '@tanstack/react-query'
import { ShieldCheck } from 'lucide-react'
import { useState } from 'react'
import { call } from '../../../api/call.ts'
import { Button } from '../../../parts/actions/button.tsx'
import { TextField } from '../../../parts/inputs/field.tsx'
import { Card } from '../../../parts/shown/card.tsx'
import { ProblemNote } from '../../../parts/shown/problem-note.tsx'
import { ChainResult } from './chain-result.tsx'
import { headOf } from './head-text.ts'

const TITLES = {
  tenant: 'The audit’s chain',
  deployment: 'The audit’s chain',
  ledger: 'The ledger’s chain',
} as const
const WORDS = {
  tenant: 'Each row carries a hash of itself and of the row before it. Verifying computes all of them anew.',
  deployment:
    'Each row carries a hash of itself and of the row before it. Verifying computes all of them anew.',
  ledger: 'Charges and corrections are chained in the same way. Verifying computes all of them anew.',
} as const

export interface ChainCheckProps {
  readonly of: keyof typeof TITLES
  readonly name: 'verify_audit' | 'verify_deployment_audit' | 'verify_ledger'
}

export function ChainCheck({ of, name }: ChainCheckProps) {
  const [saved, setSaved] = useState('')
  const [wrong, setWrong] = useState<string>()
  const check = useMutation({
    mutationFn: (text: string) => {
      const saved_head = headOf(text)
      return call(name, saved_head === undefined ? {} : { saved_head })
    },
  })
  const run = (text: string) => {
    const isHead = text === '' || headOf(text) !== undefined
    setWrong(isHead ? undefined : 'A head is a number, a colon and 64 hex digits.')
    if (isHead) check.mutate(text)
  }
  return (
    <Card
      title={TITLES[of]}
      actions={
        <Button isBusy={check.isPending} onClick={() => run('')}>
          <ShieldCheck size={14} aria-hidden="true" /> Verify now
        </Button>
      }
    >
      <div aria-live="polite">
        {check.data === undefined && !check.isError && <p className="text-sm text-soft">{WORDS[of]}</p>}
        {check.isError && <ProblemNote problem={check.error} onRetry={() => run(check.variables)} />}
        {check.data !== undefined && <ChainResult result={check.data} isCompared={check.variables !== ''} />}
      </div>
      <details className="mt-3 text-sm">
        <summary className="text-soft hover:text-ink">Compare with a head that was kept</summary>
        <form
          className="mt-2 flex flex-wrap items-end gap-2"
          onSubmit={event => {
            event.preventDefault()
            run(saved)
          }}
        >
          <div className="min-w-0 flex-1 basis-60">
            <TextField
              label="Saved head"
              required
              spellCheck={false}
              autoComplete="off"
              className="font-mono text-xs"
              value={saved}
              onChange={event => setSaved(event.target.value)}
              hint="As it was copied here, perhaps long ago: number:hash."
              wrong={wrong}
            />
          </div>
          <Button type="submit" className="mb-5.5" isBusy={check.isPending}>
            Compare
          </Button>
        </form>
      </details>
    </Card>
  )
}
