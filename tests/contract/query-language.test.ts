// Phrases, citations and corrections against the database: what is found literally, what an unknown word becomes, and
// that neither tells of another tenant's documents.
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { corrected, nearestWords } from '../../src/features/retrieval/query/correct-query.ts'
import { knownWords } from '../../src/features/retrieval/query/known-words.ts'
import { edits } from '../../src/features/retrieval/query/edits.ts'
import { folded } from '../../src/features/retrieval/query/folded.ts'
import { phraseOf, type Phrase } from '../../src/features/retrieval/query/phrase-pattern.ts'
import { readQuery } from '../../src/features/retrieval/query/read-query.ts'
import type { Statement } from '../../src/platform/db/database.ts'
import { sql } from '../../src/platform/db/statements.ts'
import { openTestDatabase, type TestDatabase } from '../harness/database.ts'
import { publishText } from '../harness/publish.ts'

const TEXTS: Record<string, string> = {
  rule: 'Under Rule 10b-5 it is unlawful to mislead. A machine was learning.',
  rule_hyphen: 'Rule 10b‑5 again, typed with another hyphen.',
  rule_space: 'rule 10b 5, as some people write it',
  other_rule: 'Rule 10b is not the fifth. There are 5 of them.',
  smith: 'As the court held in SMITH v. JONES, damages are due.',
  smith_vs: 'smith vs jones (2019)',
  jones: 'Jones v. Smith is another case.',
  breach: 'Every data\nbreach is told within a day.',
  data: 'The breach of data is told.',
  database: 'A metadata breach, or data breaches.',
  article: 'Pursuant to Article 33(1) the authority is told.',
  article_34: 'Article 34 and 33 others.',
  clause: 'See section 4.2.1 of the annex.',
  clause_long: 'See section 4.2.12 of the annex.',
  invoice: 'Invoice INV-2024-0042 is paid.',
  hamlet: 'To be, or not to be: that is the question.',
  wide: 'The ﬁnal ＲＥＰＯＲＴ of Café Zoë № 7 …',
  plus: 'Written in C++ by hand.',
  german: 'Die Häuser der Stadt haben einen Garten, und das ist nicht weit von hier.',
  regulation: 'Regulation (EU) 2016/679 and § 1983 apply.',
  under: 'the snake_case_name stands here',
}

let db: TestDatabase
let tenant: string
let other: string
const names = new Map<string, string>()

beforeAll(async () => {
  db = await openTestDatabase()
  tenant = await db.createTenant()
  other = await db.createTenant()
  for (const [name, content] of Object.entries(TEXTS)) {
    const language = name === 'german' ? ('german' as const) : ('english' as const)
    const id = await publishText(db.database, tenant, {
      title: `Title of ${name}`,
      content,
      language,
    })
    names.set(id, name)
  }
  const secret = {
    title: 'Secret',
    content: 'quixotic zanzibar data breach',
    language: 'english' as const,
  }
  await publishText(db.database, other, secret)
})
afterAll(() => db.close())

const ask = <Row>(statement: Statement<Row>, tenantId = tenant): Promise<Row[]> =>
  db.database.readAs({ tenantId, subject: 'tests' }, tx => tx.all(statement))

async function holding({ text, pattern }: Phrase, tenantId = tenant): Promise<string[]> {
  const rows = await ask(
    sql<{ document_id: string }>`
      select d.id as document_id from app.phrase_chunks(${tenantId}, ${text}, ${pattern}) p
      join app.document d on d.tenant_id = ${tenantId} and d.current_version_id = p.version_id
      join app.chunk c on c.tenant_id = ${tenantId} and c.id = p.chunk_id and c.version_id = p.version_id`,
    tenantId,
  )
  return rows.map(row => names.get(row.document_id) ?? 'another').toSorted()
}

describe('a phrase is in the passages that hold it literally', () => {
  test.each([
    ['data breach', ['breach']],
    ['"DATA   Breach"', ['breach']],
    ['Rule 10b-5', ['rule', 'rule_hyphen', 'rule_space']],
    ['10b‑5', ['rule', 'rule_hyphen', 'rule_space']],
    ['Article 33', ['article']],
    ['section 4.2.1', ['clause']],
    ['INV-2024-0042', ['invoice']],
    ['2016/679', ['regulation']],
    ['§ 1983', ['regulation']],
    ['to be or not to be', ['hamlet']],
    ['final report', ['wide']],
    ['cafe\u0301 zoe\u0308', ['wide']],
    ['c++', ['plus']],
    ['der Stadt', ['german']],
    ['the question', ['hamlet']],
    ['title of hamlet', ['hamlet']],
    ['of under', ['under']],
    ['title of smith', ['smith', 'smith_vs']],
    ['of breach every', []],
    ['case', ['jones', 'under']],
    ['nowhere', []],
    ['breaches', ['database']],
  ])('%s', async (text, found) => expect(await holding(phraseOf(text)!)).toEqual(found))

  test('and a case name however the two are set against each other', async () => {
    for (const query of ['Smith v. Jones 2024', 'smith versus jones'])
      expect(await holding(readQuery(query).citations[0]!)).toEqual(['smith', 'smith_vs'])
  })

  test('of the tenant alone', async () => {
    expect(await holding(phraseOf('quixotic zanzibar')!)).toEqual([])
    expect(await holding(phraseOf('data breach')!, other)).toEqual(['another'])
    const { text, pattern } = phraseOf('data breach')!
    expect(await ask(sql`select from app.phrase_chunks(${other}, ${text}, ${pattern})`)).toEqual([])
    expect(await ask(sql`select from app.phrase_chunks(${other}, 'to be', 'd')`)).toEqual([])
  })

  test('but not while its version is hidden', async () => {
    const id = await publishText(db.database, tenant, { title: 'Hidden', content: 'a veiled lantern' })
    names.set(id, 'hidden')
    expect(await holding(phraseOf('veiled lantern')!)).toEqual(['hidden'])
    await db.asAdmin(
      `insert into app.hidden_version (tenant_id, version_id)
        select tenant_id, current_version_id from app.document where id = $1`,
      [id],
    )
    expect(await holding(phraseOf('veiled lantern')!)).toEqual([])
    await db.asAdmin('delete from app.hidden_version')
  })
})

test('a phrase reads its words’ postings and its candidates by index', async () => {
  const big = await db.createTenant()
  // Each its own: of few words, reading them all would be the better plan.
  const words = (seed: number) => Array.from({ length: 150 }, (_, at) => `w${seed * 150 + at}`).join(' ')
  for (let at = 0; at < 60; at++)
    await publishText(db.database, big, {
      title: `${at}`,
      content: `data ${words(at)} breach ${at === 7 ? 'data breach' : ''}`,
    })
  await db.asAdmin('vacuum analyze')
  const { text, pattern } = phraseOf('data breach')!
  const scans = await db.database.readAs({ tenantId: big, subject: 'tests' }, async tx => {
    expect(await tx.all(sql`select from app.phrase_chunks(${big}, ${text}, ${pattern})`)).toHaveLength(1)
    return tx.all(sql<{ table: string }>`
      select relname as table from pg_stat_xact_user_tables
      where seq_scan > 0 and relname like any(array['posting%', 'term\_stat%'])`)
  })
  expect(scans).toEqual([])
})

describe('folding is the index’s own', () => {
  const samples = fc.array(
    fc.oneof(
      fc.string({ unit: 'binary', maxLength: 12 }),
      fc.constantFrom('İ', 'ΟΔΟΣ', 'ẞ', 'ﬁ', 'é', 'e\u0301', '…', '’', '§', '“', 'か\u3099'),
    ),
    { maxLength: 20 },
  )
  test('in the database for every text, and in the query for every word', async () => {
    const texts = fc
      .sample(samples, { numRuns: 300, seed: 7 })
      .map(parts => parts.join('').replaceAll('\0', ''))
    const rows = await ask(sql<{ text: string; own: string; index: string }>`
      select t.text, app.folded(t.text) as own, lower(normalize(t.text, nfkc) collate pg_catalog.pg_c_utf8) as index
      from unnest(${texts}::text[]) as t (text)`)
    expect(rows).toHaveLength(texts.length)
    for (const row of rows) expect(row.own).toBe(row.index)
    const words = ['İstanbul', 'ΟΔΟΣ', 'STRAẞE', 'ﬁnal', 'E\u0301cole', 'ＲＥＰＯＲＴ', 'ЁЖ', 'ÑANDÚ', 'Ⅳ']
    const [row] = await ask(sql<{ index: string[] }>`
      select array(select lower(normalize(w, nfkc) collate pg_catalog.pg_c_utf8)
        from unnest(${words}::text[]) with ordinality as u (w, at) order by at) as index`)
    expect(words.map(folded)).toEqual(row!.index)
  })
})

test('whatever is typed, every pattern compiles and every phrase is looked up', async () => {
  const piece = fc.oneof(
    fc.constantFrom(
      '"',
      ' "',
      '“',
      ' -',
      ' v. ',
      '§',
      ' 10b-5 ',
      ' Article 33(',
      '\\',
      '[',
      '*',
      '(?i)',
      '***=',
    ),
    fc.string({ unit: 'binary', maxLength: 10 }),
  )
  const queries = fc
    .sample(fc.array(piece, { maxLength: 60 }), { numRuns: 150, seed: 11 })
    .map(parts => parts.join('').replaceAll('\0', ''))
  const long = Array.from({ length: 3_000 }, (_, at) => `word${at}`).join(' ')
  const phrases = [
    ...queries,
    `"${long}"`,
    `"${'ﷺ'.repeat(399)}"`,
    `"${'§'.repeat(9_000)} x"`,
    `"${'.a'.repeat(200)}"`,
  ].flatMap(query => {
    const { phrases: quoted, excluded, citations } = readQuery(query)
    return [...quoted, ...excluded, ...citations]
  })
  expect(phrases.length).toBeGreaterThan(50)
  const [texts, patterns] = [phrases.map(({ text }) => text), phrases.map(({ pattern }) => pattern)]
  const [row] = await ask(sql<{ looked_up: number }>`
    select count(*)::int as looked_up
    from unnest(${texts}::text[], ${patterns}::text[]) as p (wanted, pattern)
    where ('x' collate pg_catalog.pg_c_utf8) ~ p.pattern is not null
      and (select count(*) from app.phrase_chunks(${tenant}, p.wanted, p.pattern)) is not null`)
  expect(row).toEqual({ looked_up: phrases.length })
})

test('each phrase that is cut out of a text is found in it', async () => {
  const phrases = Object.entries(TEXTS).flatMap(([name, content]) => {
    const words = content.split(/\s+/)
    return words.flatMap((_, at) => [{ name, phrase: phraseOf(words.slice(at, at + 3).join(' ')) }])
  })
  const missed: string[] = []
  for (const { name, phrase } of phrases)
    if (phrase !== undefined && !(await holding(phrase)).includes(name)) missed.push(phrase.text)
  expect(missed).toEqual([])
})

describe('a misspelled word', () => {
  const correct = async (text: string, tenantId = tenant) => {
    const unknown = await unknownTo(tenantId, text)
    return corrected(text, await ask(nearestWords(tenantId, unknown), tenantId))
  }
  const unknownTo = async (tenantId: string, text: string) =>
    (await ask(knownWords(tenantId, text), tenantId)).flatMap(row => row.unknown)

  test('becomes the word that the documents hold', async () => {
    expect(await correct('machien learning')).toMatchObject({
      text: 'machine learning',
      corrections: [{ from: 'machien', to: 'machine' }],
    })
    expect((await correct('damges in a cuort, Gartn in der Stadtt')).text).toBe(
      'damages in a court, garten in der stadt',
    )
  })

  test('is left when no word is near, and when it is known in one of the languages or a stop word', async () => {
    for (const text of ['blockchain', 'Häuser', 'Haus nicht being their', 'breaches', 'data'])
      expect(await correct(text)).toMatchObject({ text, corrections: [] })
  })

  test('is known however rare the word is, and not because another tenant has it', async () => {
    expect(await unknownTo(tenant, 'zanzibar lantern')).toEqual(['zanzibar'])
    expect(await unknownTo(other, 'zanzibar machine')).toEqual(['machine'])
  })

  test('never becomes a word of another tenant', async () => {
    expect((await correct('zanzibat', other)).text).toBe('zanzibar')
    expect(await correct('zanzibat quixotik')).toMatchObject({ text: 'zanzibat quixotik', corrections: [] })
    expect(await ask(nearestWords(other, ['zanzibat']))).toEqual([])
  })

  test('is none where there are no documents', async () => {
    const empty = await db.createTenant()
    expect(await unknownTo(empty, 'machine learning')).toEqual([])
    expect(await correct('machine learning', empty)).toMatchObject({
      text: 'machine learning',
      corrections: [],
    })
  })

  test('goes with the last document that holds its correction', async () => {
    const id = await publishText(db.database, tenant, { title: 'Passing', content: 'an ephemeral gazebo' })
    expect((await correct('gazeob')).text).toBe('gazebo')
    await db.asAdmin('update app.term_stat set df = df - 1 where tenant_id = $1 and term = any($2)', [
      tenant,
      ['gazebo'],
    ])
    expect((await correct('gazeob')).text).toBe('gazeob')
    expect(names.has(id)).toBe(false)
  })
})

test('a candidate’s term is the one that the index has for it, in every language', async () => {
  const words = ['machien', 'häuser', 'señores', 'chevaux', 'running', 'nicht', 'their'].flatMap(word =>
    edits(word).filter((_, at) => at % 9 === 0),
  )
  const [row] = await ask(sql<{ compared: number; differing: number }>`
    select count(*)::int as compared, (count(*) filter (where (
      select array_agg(t.term) from app.words(w.word, l.language) t
    ) is distinct from nullif(ts_lexize(l.dictionary::regdictionary, w.word), '{}')))::int as differing
    from unnest(${words}::text[]) as w (word)
    cross join (values ('english', 'english_stem'), ('german', 'german_stem'), ('french', 'french_stem'),
      ('spanish', 'spanish_stem'), ('simple', 'simple')) as l (language, dictionary)`)
  expect(row).toEqual({ compared: words.length * 5, differing: 0 })
})
