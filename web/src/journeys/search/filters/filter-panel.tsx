// The choices a search can be narrowed by.
import type { Language } from '../../../api/operations.gen.ts'
import { Card } from '../../../parts/shown/card.tsx'
import { EmptyState } from '../../../parts/shown/empty-state.tsx'
import { ProblemNote } from '../../../parts/shown/problem-note.tsx'
import { Waiting } from '../../../parts/shown/waiting.tsx'
import { kindWords, languageWords } from '../../documents/list/file-kind.ts'
import { counted } from '../ranking/rank-words.ts'
import type { FilterParams } from '../search-params.ts'
import { type Choices, choicesOf, toggled, withMeta } from './choices.ts'
import { ChoiceList } from './choice-list.tsx'
import { MetaChoices } from './meta-choices.tsx'
import { useDocuments } from './use-documents.ts'

export interface FilterPanelProps {
  readonly filter: FilterParams
  readonly onFilter: (filter: FilterParams) => void
}

export function FilterPanel({ filter, onFilter }: FilterPanelProps) {
  const { data, error, refetch } = useDocuments(true)
  if (error !== null && data === undefined)
    return <ProblemNote problem={error} onRetry={() => void refetch()} />
  return (
    <Card title="Only documents that meet all of these">
      {data === undefined && <Waiting what="the choices" />}
      {data?.documents.length === 0 && <EmptyState title="There are no documents to choose from yet" />}
      {data !== undefined && data.documents.length > 0 && (
        <>
          <Lists choices={choicesOf(data.documents)} isWhole={data.isWhole} {...{ filter, onFilter }} />
          {!data.isWhole && (
            <p className="mt-3 text-xs text-soft">
              Told from the newest {counted(data.documents.length, 'document')}; there are more, and other
              labels and collections can be written in.
            </p>
          )}
        </>
      )}
    </Card>
  )
}

interface ListsProps extends FilterPanelProps {
  readonly choices: Choices
  readonly isWhole: boolean
}

function Lists({ choices, isWhole, filter, onFilter }: ListsProps) {
  const list = (name: 'labels' | 'collections' | 'languages' | 'types') => ({
    choices: choices[name],
    chosen: filter[name] ?? [],
    onToggle: (value: string) => onFilter(toggled(filter, name, value)),
  })
  return (
    <div className="grid gap-x-6 gap-y-4 sm:grid-cols-2 lg:grid-cols-4">
      <ChoiceList title="Labels" {...list('labels')} canAdd={!isWhole} />
      <ChoiceList title="Collections" {...list('collections')} canAdd={!isWhole} />
      {/* Told from documents, or from an address that drops what is none. */}
      <ChoiceList
        title="Languages"
        {...list('languages')}
        wordsOf={value => languageWords(value as Language)}
      />
      <ChoiceList title="Kinds of file" {...list('types')} wordsOf={kindWords} />
      {choices.meta.map(choice => (
        <MetaChoices
          key={choice.key}
          choice={choice}
          wanted={filter.meta?.[choice.key]}
          onWanted={wanted => onFilter(withMeta(filter, choice.key, wanted))}
        />
      ))}
    </div>
  )
}
