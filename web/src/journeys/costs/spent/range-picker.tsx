// Which days: the last seven, thirty or ninety, or from one day to another.
import { CalendarRange } from 'lucide-react'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import { Button } from '../../../parts/actions/button.tsx'
import { Segments } from '../../../parts/actions/segments.tsx'
import { FormDialog, textOf } from '../../../parts/forms/form-dialog.tsx'
import { TextField } from '../../../parts/inputs/field.tsx'
import { type CostsParams, costsParams, type Days, SPANS, spanOf } from '../costs-params.ts'

const route = getRouteApi('/costs')

export function RangePicker({ params, days }: { readonly params: CostsParams; readonly days: Days }) {
  const [isOpen, setOpen] = useState(false)
  const span = spanOf(params)
  return (
    <div className="flex min-w-0 flex-wrap items-center gap-2">
      <Segments
        of="Days"
        segments={SPANS.map(one => ({
          label: `${one} days`,
          to: { to: '/costs', search: { ...withoutDays(params), days: one } },
          isCurrent: span === one,
        }))}
      />
      <Button onClick={() => setOpen(true)} aria-haspopup="dialog">
        <CalendarRange size={14} aria-hidden="true" />{' '}
        {span === undefined ? `${days.from} to ${days.to}` : 'Other days'}
      </Button>
      <OwnDays days={days} isOpen={isOpen} onClose={() => setOpen(false)} />
    </div>
  )
}

interface OwnDaysProps {
  readonly days: Days
  readonly isOpen: boolean
  readonly onClose: () => void
}

function OwnDays({ days, isOpen, onClose }: OwnDaysProps) {
  const navigate = route.useNavigate()
  const [wrong, setWrong] = useState<string>()
  const show = async (form: FormData): Promise<unknown> => {
    const own = costsParams({ from: textOf(form, 'from'), to: textOf(form, 'to') })
    setWrong(
      own.from === undefined
        ? 'The first day must not be after the last, and a year is the most.'
        : undefined,
    )
    if (own.from === undefined) return 'stay'
    return navigate({ search: old => ({ ...withoutDays(old), ...own }) })
  }
  return (
    <FormDialog title="Which days" deed="Show these days" isOpen={isOpen} onClose={onClose} act={show}>
      {() => (
        <div className="grid gap-3 sm:grid-cols-2">
          <TextField
            label="First day (UTC)"
            name="from"
            type="date"
            required
            defaultValue={days.from}
            wrong={wrong}
          />
          <TextField label="Last day (UTC)" name="to" type="date" required defaultValue={days.to} />
        </div>
      )}
    </FormDialog>
  )
}

function withoutDays({ days: _days, from: _from, to: _to, ...rest }: CostsParams): CostsParams {
  return rest
}
