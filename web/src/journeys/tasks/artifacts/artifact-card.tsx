// An artifact: what it is, to look at, to copy and to keep.
import { ChevronRight, Download } from 'lucide-react'
import type { ArtifactView } from '../../../../../src/protocols/client/task/task-view.ts'
import { Button } from '../../../parts/actions/button.tsx'
import { CopyButton } from '../../../parts/actions/copy-button.tsx'
import { Badge } from '../../../parts/shown/badge.tsx'
import { fileOf } from './artifact-file.ts'
import { PartPreview } from './artifact-preview.tsx'
import { download } from './download.ts'

export interface ArtifactCardProps {
  readonly artifact: ArtifactView
  readonly isOpen?: boolean
  /** Nothing more will be added to it. */
  readonly isOver: boolean
}

export function ArtifactCard({ artifact, isOpen = false, isOver }: ArtifactCardProps) {
  const { name, description, parts, is_complete } = artifact
  const file = fileOf(name, parts)
  return (
    <details open={isOpen} className="group border-b border-line last:border-0">
      <summary className="flex min-h-11 list-none flex-wrap items-center gap-x-2 gap-y-1 px-4 py-2 hover:bg-hover">
        <ChevronRight size={14} aria-hidden="true" className="shrink-0 text-soft group-open:rotate-90" />
        <bdi className="font-medium wrap-anywhere">{name}</bdi>
        <Badge>{file.name.split('.').at(-1)?.toLowerCase()}</Badge>
        <span className="figures text-xs text-soft">{sizeWords(file.text.length)}</span>
        {!is_complete && !isOver && <Badge tone="accent">being written</Badge>}
        {!is_complete && isOver && <Badge tone="warn">not finished</Badge>}
        {description !== undefined && (
          <span className="w-full pl-6 text-xs wrap-anywhere text-soft">{description}</span>
        )}
      </summary>
      <div className="space-y-3 px-4 pt-1 pb-4">
        {parts.map((part, index) => (
          // oxlint-disable-next-line react/no-array-index-key -- they are never put in another order
          <PartPreview key={index} part={part} name={name} />
        ))}
        <div className="flex flex-wrap gap-2">
          <Button onClick={() => download(file)}>
            <Download size={14} aria-hidden="true" /> Download{' '}
            <bdi className="max-w-48 truncate">{file.name}</bdi>
          </Button>
          <CopyButton text={file.text} what={name} />
        </div>
      </div>
    </details>
  )
}

function sizeWords(characters: number): string {
  return `${characters.toLocaleString()} ${characters === 1 ? 'character' : 'characters'}`
}
