// What is in the tenants that come with the software, and a few searches that find something in each. A tenant that
// somebody else made under the same short name shows nothing of this but its name.

export interface Sample {
  readonly what: string
  readonly searches: readonly string[]
}

export const SAMPLES: Readonly<Record<string, Sample>> = {
  'penhallow-strake': {
    what: 'A law firm: regulatory summaries, ten policies of the firm, and the contracts of two clients that are kept apart.',
    searches: [
      'right to be forgotten',
      'data breach notification requirements GDPR Article 33',
      'Smith v. Jones 2024',
    ],
  },
  'quillon-bay': {
    what: 'An investment fund: filings, competitors, market notes and news of one company, and a compliance library.',
    searches: ['machien learning', 'SEC disclosure requirements GDPR data breach'],
  },
  foldwick: {
    what: 'A software vendor: help pages, release notes and public policies.',
    searches: ['machine learning best practices', 'how long are backups kept'],
  },
}
