// Where somebody came by an address to what they may not see from where they are: why, and the way on.
import { LinkButton } from '../../parts/actions/button.tsx'
import { EmptyState } from '../../parts/shown/empty-state.tsx'
import { PageHead } from '../../parts/shown/page-head.tsx'

/** For a page that the role in this tenant does not open. */
export function NotYours({ title }: { readonly title: string }) {
  return (
    <>
      <PageHead title={title} />
      <EmptyState
        title="Your role does not open this page"
        action={<LinkButton to="/">Go to the start</LinkButton>}
      >
        An admin of this tenant can give you another role.
      </EmptyState>
    </>
  )
}
