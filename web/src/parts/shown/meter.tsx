// How full something is, with the marks at which somebody is told.

export interface MeterProps {
  readonly label: string
  /** 0 to 1; more is shown as full. */
  readonly value: number
  /** What is promised but not yet taken, on top of the value. */
  readonly held?: number
  /** 0 to 1. */
  readonly marks?: readonly number[]
  readonly words: string
}

export function Meter({ label, value, held = 0, marks = [], words }: MeterProps) {
  const tone = value >= 1 ? 'bg-wrong' : value >= 0.8 ? 'bg-warn' : 'bg-accent'
  const taken = Math.min(1, Math.max(0, value))
  const both = Math.min(1, taken + Math.max(0, held))
  return (
    <div
      role="meter"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(taken * 100)}
      aria-valuetext={words}
      className="relative h-2 w-full overflow-hidden rounded-full bg-line"
    >
      <div className={`absolute inset-y-0 left-0 opacity-40 ${tone}`} style={{ width: `${both * 100}%` }} />
      <div className={`absolute inset-y-0 left-0 ${tone}`} style={{ width: `${taken * 100}%` }} />
      {marks.map(mark => (
        <div
          key={mark}
          className="absolute inset-y-0 w-px bg-ink opacity-50"
          style={{ left: `${mark * 100}%` }}
        />
      ))}
    </div>
  )
}
