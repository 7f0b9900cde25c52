// What came of checking an answer, in a sentence. Pure.
import type { Checked } from './checked.ts'

export function verdictWords({ verified, sources, unsupported }: Checked, isOver: boolean): string {
  if (verified === undefined) {
    return isOver ? 'Its citations were not checked.' : 'Citations are checked when it is complete.'
  }
  const holding = sources.filter(({ state }) => state === 'verified').length
  if (verified) return verifiedWords(holding)
  const wrong = sources.length - holding
  const parts = [
    wrong > 0 &&
      `${wrong} of ${counted(sources.length, 'citation', 'citations')} ${wrong === 1 ? 'does' : 'do'} not hold`,
    unsupported.length > 0 &&
      `${counted(unsupported.length, 'quote or reference has', 'quotes or references have')} no such source`,
  ].filter(part => part !== false)
  return `Not verified: ${parts.length === 0 ? 'it cites nothing' : parts.join(', ')}`
}

function counted(count: number, one: string, more: string): string {
  return `${count} ${count === 1 ? one : more}`
}

function verifiedWords(citations: number): string {
  if (citations === 1) return 'Its citation was verified'
  return citations === 2 ? 'Both citations were verified' : `All ${citations} citations were verified`
}
