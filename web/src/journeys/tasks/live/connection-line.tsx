// How the connection stands, said where one watches: only when there is something to say.
import { CircleCheck, Unplug } from 'lucide-react'
import type { ConnectionWords } from './connection-words.ts'

const LOOKS: Record<ConnectionWords['tone'], string> = {
  plain: 'text-soft',
  good: 'bg-good-ground text-good',
  warn: 'bg-warn-ground text-warn',
  wrong: 'bg-wrong-ground text-wrong',
}

export function ConnectionLine({ said }: { readonly said: ConnectionWords | undefined }) {
  const Icon = said?.tone === 'good' ? CircleCheck : Unplug
  return (
    <div role="status" aria-label="Connection">
      {said !== undefined && (
        <p className={`flex items-start gap-2 rounded-md px-3 py-1.5 text-sm ${LOOKS[said.tone]}`}>
          <Icon size={14} aria-hidden="true" className="mt-0.5 shrink-0" /> {said.words}
        </p>
      )}
    </div>
  )
}
