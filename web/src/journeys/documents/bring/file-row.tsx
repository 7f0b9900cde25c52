// One file on its way in: its stage, and what can be done about it.
import { Link } from '@tanstack/react-router'
import { CircleAlert, CircleCheck, Clock, RotateCw, X } from 'lucide-react'
import { memo } from 'react'
import { IconButton, Spinner } from '../../../parts/actions/button.tsx'
import type { BringQueue } from './bring-queue.ts'
import { findableWords, sizeWords, stageWords } from './bring-words.ts'
import { groupOf, isUnsent, type BroughtFile } from './brought-file.ts'

export interface FileRowProps {
  readonly file: BroughtFile
  readonly queue: BringQueue
}

/** Hundreds of them stand below each other: one that has not changed is not drawn again, nor one out of sight. */
export const FileRow = memo(function FileRow({ file, queue }: FileRowProps) {
  const { key, name, size, stage, documentId } = file
  const canRetry = stage.at === 'failed' && (file.ingestionId !== undefined || file.source.kind !== 'sent')
  return (
    <li className="flex items-start gap-3 border-b border-line px-4 py-2 last:border-0 [content-visibility:auto] [contain-intrinsic-size:auto_3.5rem]">
      <StageIcon file={file} />
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-baseline gap-x-2">
          {documentId === undefined ? (
            <bdi className="line-clamp-2 font-medium wrap-anywhere">{name}</bdi>
          ) : (
            <Link
              to="/documents/$documentId"
              params={{ documentId }}
              className="line-clamp-2 font-medium wrap-anywhere hover:underline"
            >
              <bdi>{name}</bdi>
            </Link>
          )}
          {size !== undefined && <span className="figures text-xs text-soft">{sizeWords(size)}</span>}
        </p>
        <p className={`text-sm wrap-anywhere ${stage.at === 'failed' ? 'text-wrong' : 'text-soft'}`}>
          {[stageWords(file), findableWords(file)].filter(Boolean).join(' · ')}
        </p>
        <Progress file={file} />
      </div>
      {canRetry && (
        <IconButton label={`Try ${name} again`} onClick={() => queue.retry(key)}>
          <RotateCw size={14} aria-hidden="true" />
        </IconButton>
      )}
      {isUnsent(file) ? (
        <IconButton label={`Do not send ${name}`} onClick={() => queue.cancel([key])}>
          <X size={14} aria-hidden="true" />
        </IconButton>
      ) : (
        (stage.at === 'failed' || stage.at === 'done') && (
          <IconButton label={`Take ${name} off this list`} onClick={() => queue.dismiss([key])}>
            <X size={14} aria-hidden="true" />
          </IconButton>
        )
      )}
    </li>
  )
})

function StageIcon({ file }: { readonly file: BroughtFile }) {
  const look = 'mt-1 flex size-4 shrink-0 items-center justify-center'
  const group = groupOf(file)
  if (group === 'failed') return <CircleAlert size={16} aria-hidden="true" className={`${look} text-wrong`} />
  if (group === 'done') return <CircleCheck size={16} aria-hidden="true" className={`${look} text-good`} />
  if (group === 'waiting') return <Clock size={16} aria-hidden="true" className={`${look} text-soft`} />
  return (
    <span className={`${look} text-accent`}>
      <Spinner />
    </span>
  )
}

function Progress({ file: { stage, size, name, vectors } }: { readonly file: BroughtFile }) {
  const part =
    stage.at === 'uploading'
      ? stage.sent / Math.max(1, size ?? 1)
      : stage.at === 'indexing'
        ? stage.done / Math.max(1, stage.of)
        : stage.at === 'done' && vectors !== undefined && vectors.pending > 0
          ? (vectors.passages - vectors.pending) / Math.max(1, vectors.passages)
          : undefined
  if (part === undefined) return null
  const percent = Math.round(Math.min(1, part) * 100)
  return (
    <div
      role="progressbar"
      aria-label={`Progress of ${name}`}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent}
      className="mt-1 h-1 overflow-hidden rounded-full bg-line"
    >
      <div
        className={`h-full transition-[width] ${stage.at === 'done' ? 'bg-vectors' : 'bg-accent'}`}
        style={{ width: `${percent}%` }}
      />
    </div>
  )
}
