// How much words count against likeness.
import { Slider } from '../../../parts/inputs/slider.tsx'

/** Read as the bar of a hit is: so much of words, so much of likeness. */
const COLOURS = ['bg-words', 'bg-vectors'] as const

export interface WeightsProps {
  readonly words: number
  readonly onMove: (words: number) => void
  readonly onRest: (words: number) => void
  /** Somebody reaches for the slider: what it needs can be fetched. */
  readonly onReach: () => void
}

export function Weights({ words, onMove, onRest, onReach }: WeightsProps) {
  return (
    <div
      className="flex w-full items-center gap-3 text-xs sm:w-md"
      onPointerEnter={onReach}
      onPointerDown={onReach}
      onFocus={onReach}
    >
      <span className="figures w-20 shrink-0 whitespace-nowrap text-words" aria-hidden="true">
        words {words} %
      </span>
      <Slider
        label="Weight of the words against the likeness"
        value={words}
        max={100}
        step={5}
        colours={COLOURS}
        words={value => `words ${value} %, likeness ${100 - value} %`}
        onChange={onMove}
        onRest={onRest}
      />
      <span className="figures w-24 shrink-0 whitespace-nowrap text-vectors" aria-hidden="true">
        likeness {100 - words} %
      </span>
    </div>
  )
}
