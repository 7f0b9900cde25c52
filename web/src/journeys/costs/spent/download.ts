// Saves what is shown as a file, as the server computes it: the whole range, whatever the page has loaded.
import { send } from '../../../api/send.ts'
import type { By, Days } from '../costs-params.ts'

/** A report is small: it is fetched, so that a refusal can be told. Resolves to the name it was saved under. */
export async function downloadReport(by: By, days: Days, format: 'csv' | 'json'): Promise<string> {
  const query = new URLSearchParams({ by, ...days })
  const answer = await send(`/api/downloads/costs.${format}?${query}`, {
    method: 'GET',
    headers: { accept: '*/*' },
  })
  const address = URL.createObjectURL(await answer.blob())
  const name = `gatehouse-costs-by-${by}-${days.from}-${days.to}.${format}`
  save(address, name)
  // The browser has taken it by the next turn; a minute is for slow disks.
  setTimeout(() => URL.revokeObjectURL(address), 60_000)
  return name
}

/** The ledger may be large: the browser itself saves it as it comes. */
export function downloadLedger(days: Days, format: 'csv' | 'json'): void {
  save(`/api/downloads/ledger.${format}?${new URLSearchParams({ ...days })}`, '')
}

function save(address: string, name: string): void {
  const link = document.createElement('a')
  link.href = address
  link.download = name
  link.click()
}
