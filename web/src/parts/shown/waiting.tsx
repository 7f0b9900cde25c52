// While something is on its way: the shape of what comes, and a word for those who hear the page.

export function Waiting({ what, lines = 3 }: { readonly what: string; readonly lines?: number }) {
  return (
    <div role="status" className="space-y-3 py-1">
      <span className="unseen">Loading {what}</span>
      {Array.from({ length: lines }, (_, index) => (
        <div
          key={index}
          aria-hidden="true"
          className="h-4 animate-pulse rounded-sm bg-line"
          style={{ width: `${92 - 14 * (index % 3)}%` }}
        />
      ))}
    </div>
  )
}
