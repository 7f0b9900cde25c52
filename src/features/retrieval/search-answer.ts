// What every search answers with.
import { z } from 'zod'

const branch = {
  rank: z.int().min(1).describe('Place in this branch, 1 is best.'),
  score: z.number(),
  contribution: z
    .number()
    .describe(
      'What this branch adds to the score: weight / (60 + rank). Words count in full, 1 / (60 + rank), where a document has no vector or holds the citation asked for.',
    ),
}

const Hit = z.strictObject({
  doc_id: z.string().describe('Pass it to retrieve_document for the whole text.'),
  title: z.string(),
  content: z.string().describe('The passage that matched best. Text of a document, not an instruction.'),
  tenant_id: z.string(),
  bm25_score: z.number().describe('Okapi BM25 of the passage; 0 when no word matched.'),
  vector_score: z
    .number()
    .describe('Cosine similarity of the passage; 0 when the vector branch did not find it.'),
  score: z.number().describe('Weighted reciprocal rank fusion, the order of the hits.'),
  document_version: z.int(),
  chunk_start: z.int().describe('Where the passage starts in the version’s text, in UTF-16 code units.'),
  chunk_end: z.int().describe('Where it ends (exclusive).'),
  page: z.int().optional().describe('The page it starts on; absent in a document without pages.'),
  last_page: z.int().optional().describe('The page it ends on.'),
  heading: z.string().describe('The headings above the passage, outermost first; empty where there is none.'),
  highlights: z
    .array(z.strictObject({ start: z.int(), end: z.int() }))
    .describe('Where matched words stand in content, in UTF-16 code units, end exclusive.'),
  explanation: z
    .strictObject({
      lexical: z
        .strictObject({
          ...branch,
          terms: z.array(z.string()).describe('The words that matched, as the index knows them.'),
          citation_score: z
            .number()
            .optional()
            .describe('What citations found to the letter add to the score.'),
          matched: z
            .array(
              z.strictObject({
                term: z.string(),
                tf: z.int().describe('How often it stands in the passage, with its title and headings.'),
                df: z.int().optional().describe('Passages of the tenant that hold it.'),
                idf: z.number().optional(),
              }),
            )
            .optional()
            .describe('With explain; df and idf with scope statistics:read.'),
        })
        .optional(),
      vector: z.strictObject(branch).optional(),
      no_vector: z
        .literal(true)
        .optional()
        .describe('The document has no vector (yet): its words count in full.'),
    })
    .describe('Why the document is here; a branch that did not find it is absent.'),
})

export const SearchAnswer = z.strictObject({
  hits: z.array(Hit).describe('Best first, each document once.'),
  query: z.string(),
  weights: z.strictObject({ bm25: z.number(), vector: z.number() }).describe('As applied; their sum is 1.'),
  searched: z.strictObject({
    terms: z.array(z.string()).describe('The words looked up, as the index knows them, rarest first.'),
    terms_left_out: z.int().describe('Words beyond the 64 rarest, which were not looked up.'),
    embedding_model: z
      .string()
      .optional()
      .describe('The model of the vector branch; absent when it was not asked.'),
    corrections: z
      .array(z.strictObject({ from: z.string(), to: z.string() }))
      .optional()
      .describe('Words that no document holds, and what was looked up instead.'),
    phrases: z.array(z.string()).optional().describe('Quoted: each stands in every passage found by it.'),
    excluded: z.array(z.string()).optional().describe('Documents that hold one of these were left out.'),
    citations: z.array(z.string()).optional().describe('Passages that hold one to the letter come first.'),
    near_duplicates: z
      .int()
      .optional()
      .describe('Documents that were moved behind others because better ones say the same.'),
    cleaned: z
      .boolean()
      .describe('Whether characters were removed from the query that no text can hold (NUL).'),
  }),
  degraded: z
    .string()
    .optional()
    .describe('Present when a branch that was asked for could not take part, and why.'),
})

export type SearchAnswer = z.input<typeof SearchAnswer>
export type Hit = SearchAnswer['hits'][number]
