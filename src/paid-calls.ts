// What is paid and for how much: tiers, prices, the models that are asked, and the one way to spend.
import { priceBook, type PriceBook } from './gate/money/prices/price-book.ts'
import type { readPriceFile } from './gate/money/prices/price-file.ts'
import { publishersAt } from './gate/money/prices/publishers.ts'
import { spendAs, type SpendAs } from './gate/money/spend.ts'
import { tiers, type Tiers } from './gate/money/tiers.ts'
import { underWay, type UnderWay } from './gate/money/under-way.ts'
import type { Config } from './platform/config.ts'
import type { Database } from './platform/db/database.ts'
import { embedders, type Embedders } from './platform/models/embedders.ts'
import { languageModels, type LanguageModels } from './platform/models/language/language-models.ts'
import type { Logger } from './platform/telemetry/logger.ts'

export interface PaidCalls {
  readonly tierBook: Tiers
  readonly tierOf: Tiers['tierOf']
  readonly book: PriceBook
  readonly models: Embedders
  readonly writers: LanguageModels
  readonly spendAs: SpendAs
  /** Resolves when no payment is under way any more, or after so many milliseconds. */
  readonly ended: UnderWay['ended']
}

export interface PaidCallsDeps {
  readonly database: Database
  readonly config: Config
  readonly log: Logger
  readonly priceFile: Awaited<ReturnType<typeof readPriceFile>> | undefined
}

export function paidCalls({ database, config, log, priceFile }: PaidCallsDeps): PaidCalls {
  const tierBook = tiers()
  const { openai, anthropic } = config.models
  const publishers = publishersAt({ openai: openai?.baseUrl, anthropic: anthropic?.baseUrl })
  const book = priceBook({ database, file: priceFile, publishers })
  const paying = underWay(spendAs({ database, log, priceOf: book.priceOf, lifetimeMs: config.holdMs }))
  return {
    tierBook,
    tierOf: tierBook.tierOf,
    book,
    models: embedders(config.embeddings),
    writers: languageModels(config.models),
    spendAs: paying.spendAs,
    ended: paying.ended,
  }
}
