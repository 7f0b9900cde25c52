// The hits in their order. When it changes, each glides to its new place, so that the eye can follow.
import { useRef } from 'react'
import { Hit } from './hit.tsx'
import type { SearchHit } from './search-hit.ts'
import { useGlide } from './use-glide.ts'
import { useHitKeys } from './use-hit-keys.ts'

export interface HitListProps {
  readonly hits: readonly SearchHit[]
  readonly idle: 'words' | 'likeness' | undefined
  readonly tenantNames: ReadonlyMap<string, string>
  readonly onWhy: (documentId: string) => void
}

export function HitList({ hits, idle, tenantNames, onWhy }: HitListProps) {
  const list = useRef<HTMLOListElement>(null)
  useGlide(list, hits.map(({ doc_id }) => doc_id).join(' '))
  useHitKeys(list)
  const best = Math.max(0, ...hits.map(({ score }) => score))
  return (
    <ol ref={list} aria-label="Hits" className="space-y-3">
      {hits.map((hit, at) => (
        <Hit
          key={hit.doc_id}
          hit={hit}
          place={at + 1}
          tenantName={tenantNames.get(hit.tenant_id) ?? hit.tenant_id}
          best={best}
          idle={idle}
          onWhy={onWhy}
        />
      ))}
    </ol>
  )
}
