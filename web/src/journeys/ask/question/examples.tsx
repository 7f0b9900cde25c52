// What can be asked, to begin with.
import type { Workflow } from '../../../api/operations.gen.ts'

export interface ExamplesProps {
  readonly workflow: Workflow
  readonly onChoose: (question: string) => void
}

export function Examples({ workflow: { description, examples }, onChoose }: ExamplesProps) {
  return (
    <div className="space-y-3">
      <p className="max-w-prose text-sm text-soft">{description}</p>
      {examples.length > 0 && (
        <section aria-label="Examples" className="flex flex-wrap items-center gap-2">
          <span className="text-xs text-soft">For example</span>
          {examples.map(example => (
            <button
              key={example}
              type="button"
              onClick={() => onChoose(example)}
              className="min-h-8 rounded-md border border-line bg-card px-3 py-1 text-left text-sm hover:bg-hover pointer-coarse:min-h-11"
            >
              {example}
            </button>
          ))}
        </section>
      )}
    </div>
  )
}
