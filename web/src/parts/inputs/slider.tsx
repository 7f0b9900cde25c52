// A number between two ends, by drag and by arrow keys. While it moves the value is shown; what it costs happens at rest.
import { Slider as Base } from '@base-ui/react/slider'

export interface SliderProps {
  readonly label: string
  readonly value: number
  readonly min?: number
  readonly max?: number
  readonly step?: number
  /** What is read out and shown for a value. */
  readonly words: (value: number) => string
  readonly onChange: (value: number) => void
  /** The colours of what is taken and of what is left, where both mean something. */
  readonly colours?: readonly [taken: string, left: string]
  /** When the hand lets go. */
  readonly onRest?: (value: number) => void
}

export function Slider({
  label,
  value,
  min = 0,
  max = 1,
  step = 0.05,
  words,
  colours: [taken, left] = ['bg-accent', 'bg-line'],
  onChange,
  onRest,
}: SliderProps) {
  return (
    <Base.Root
      value={value}
      {...{ min, max, step }}
      onValueChange={onChange}
      onValueCommitted={next => onRest?.(next)}
      className="w-full"
    >
      <Base.Control className="flex w-full touch-none items-center py-2 select-none">
        <Base.Track className={`h-1.5 w-full rounded-full ${left}`}>
          <Base.Indicator className={`rounded-full ${taken}`} />
          <Base.Thumb
            getAriaLabel={() => label}
            getAriaValueText={(_, now) => words(now)}
            className="size-4 rounded-full border-2 border-ink bg-card focus-within:outline-2 focus-within:outline-offset-2 focus-within:outline-accent"
          />
        </Base.Track>
      </Base.Control>
    </Base.Root>
  )
}
