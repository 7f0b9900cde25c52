import { describe, expect, test } from 'vitest'
import { languageOf, type Language } from './language.ts'

const passages: Record<string, [Language, string]> = {
  English: [
    'english',
    `Either party may end this agreement by giving the other thirty days notice in writing. Until that day the supplier
    keeps the service available as described in the annex, and the customer pays what has been used.`,
  ],
  German: [
    'german',
    `Jede Partei kann diesen Vertrag mit einer Frist von dreißig Tagen schriftlich kündigen. Bis zu diesem Tag hält der
    Anbieter den Dienst so bereit, wie er in der Anlage beschrieben ist, und der Kunde zahlt, was er genutzt hat.`,
  ],
  'German without umlauts': [
    'german',
    `Die Lieferung erfolgt innerhalb von zehn Werktagen nach Eingang der Bestellung. Der Versand geht auf Kosten und
    Gefahr des Kunden, sofern nicht anders vereinbart wurde.`,
  ],
  French: [
    'french',
    `Chaque partie peut mettre fin au présent contrat moyennant un préavis écrit de trente jours. Jusqu’à cette date, le
    fournisseur maintient le service tel qu’il est décrit dans l’annexe, et le client paie ce qu’il a utilisé.`,
  ],
  Spanish: [
    'spanish',
    `Cualquiera de las partes puede poner fin a este contrato con un aviso escrito de treinta días. Hasta ese día, el
    proveedor mantiene el servicio tal como se describe en el anexo, y el cliente paga lo que ha utilizado.`,
  ],
  Italian: [
    'simple',
    `Ciascuna delle parti può recedere dal presente contratto con un preavviso scritto di trenta giorni. Fino a quel
    giorno il fornitore mantiene il servizio come descritto nell’allegato e il cliente paga quello che ha usato. Le
    spese sono a carico della parte che le ha causate, se non è stato deciso altro.`,
  ],
  Portuguese: [
    'simple',
    `Qualquer das partes pode terminar este contrato com um aviso escrito de trinta dias. Até esse dia, o fornecedor
    mantém o serviço tal como está descrito no anexo, e o cliente paga o que tiver usado. As despesas são pagas pela
    parte que as causou, se não for decidido de outra forma.`,
  ],
  Catalan: [
    'simple',
    `Qualsevol de les parts pot acabar aquest contracte amb un avís escrit de trenta dies. Fins aquell dia el proveïdor
    manté el servei tal com es descriu a l’annex, i el client paga el que ha fet servir. Les despeses són de la part
    que les ha causat, si no es decideix una altra cosa.`,
  ],
  Dutch: [
    'simple',
    `Elke partij kan deze overeenkomst schriftelijk opzeggen met een termijn van dertig dagen. Tot die dag houdt de
    leverancier de dienst beschikbaar zoals die in de bijlage is beschreven, en de klant betaalt wat hij heeft gebruikt.
    De kosten zijn voor de partij die ze heeft gemaakt, tenzij er iets anders is afgesproken.`,
  ],
  Swedish: [
    'simple',
    `Varje part kan säga upp avtalet skriftligen med trettio dagars varsel. Fram till den dagen håller leverantören
    tjänsten tillgänglig så som den beskrivs i bilagan, och kunden betalar för det som har använts. Kostnaderna bärs av
    den part som har orsakat dem, om inte något annat har bestämts.`,
  ],
  Polish: [
    'simple',
    `Każda ze stron może wypowiedzieć umowę na piśmie z zachowaniem terminu trzydziestu dni. Do tego dnia dostawca
    utrzymuje usługę w takim kształcie, jak opisano w załączniku, a klient płaci za to, z czego skorzystał. Koszty
    ponosi strona, która je spowodowała, chyba że postanowiono inaczej.`,
  ],
  Finnish: [
    'simple',
    `Kumpikin osapuoli voi irtisanoa sopimuksen kirjallisesti kolmenkymmenen päivän kuluessa. Siihen asti toimittaja
    pitää palvelun saatavilla liitteessä kuvatulla tavalla, ja asiakas maksaa siitä, mitä on käyttänyt. Kulut maksaa se
    osapuoli, joka on ne aiheuttanut, jos muuta ei ole sovittu. Muutokset tehdään aina kirjallisesti.`,
  ],
  Latin: [
    'simple',
    `Quod si pactum non est, expensas solvit qui eas fecit. Usque ad eum diem servitium manet ut in libro scriptum est,
    et emptor solvit quod accepit. Nemo autem sine causa recedere potest, sed cum litteris et post dies triginta, ac de
    omnibus rebus iudex cognoscit quae inter eos in dubio sunt.`,
  ],
  Japanese: ['simple', '本契約は、いずれの当事者も三十日前の書面による通知により終了させることができる。'],
  'short Japanese': ['simple', '契約'],
  'Japanese with English names': [
    'simple',
    'Gatehouse と MCP の契約は三十日前の書面による通知により終了する。',
  ],
  Russian: [
    'simple',
    'Каждая из сторон может расторгнуть договор, письменно уведомив другую сторону за тридцать дней.',
  ],
  code: [
    'simple',
    `export function sum(values) { let total = 0; values.forEach(value => { total += value }); return total }
    const cache = new Map(); class Reader extends Stream { read(size) { return super.read(size ?? limit) } }
    if (error) throw new TypeError(message); while (queue.length > 0) { await queue.shift().run(); count += 1 }
    import path from 'path'; const root = path.resolve(base, name); console.log(root, cache.size, sum(list))`,
  ],
  'a table of numbers': ['simple', '1,5 | 2,7 | 3,9\n'.repeat(40)],
  'a table of numbers with headings': ['english', `Jahr;Umsatz;Gewinn\n${'2024;1200;300\n'.repeat(40)}`],
  'a list of names': [
    'simple',
    'Anna Keller, Tom Rossi, Mia Chen, Paul Novak, Lena Brandt, Luca Moretti, Eva Lindqvist, Ivan Petrov, '.repeat(
      4,
    ),
  ],
  'too few words': ['english', 'Die Frist ist leider abgelaufen'],
  'a dozen names': ['english', 'Anna Keller Tom Rossi Mia Chen Paul Novak Lena Brandt Luca Moretti'],
  nothing: ['english', ' \n'],
}

describe('the language of a text', () => {
  test.each(Object.entries(passages))('%s', (_, [language, text]) => {
    expect(languageOf(text)).toBe(language)
    expect(languageOf(text.toUpperCase().replaceAll('ẞ', 'SS'))).toBe(language)
    expect(languageOf(text.normalize('NFD'))).toBe(language)
  })

  test('a page of links and code is in the language of its prose', () => {
    const links =
      '- [das-und-die](https://example.org/der/die/das?mit=von) `nicht.ein(es)` src/und/der.ts\n'.repeat(60)
    expect(
      languageOf(`${links}\nThe tests are in the folder of that name, and this is how you run them.`),
    ).toBe('english')
  })

  test('a few function words, or one over and over, do not make a language', () => {
    const names = 'Keller Rossi Chen Novak Brandt Moretti Lindqvist Petrov '
    expect(languageOf(`${names.repeat(10)} the of and to`)).toBe('simple')
    expect(languageOf('acorn MIT kysely MIT pino MIT zod MIT vitest MIT biome MIT '.repeat(10))).toBe(
      'simple',
    )
  })

  test('letters count whether composed or not', () => {
    expect(languageOf('Für Büros über können für über können für'.normalize('NFD'))).toBe('german')
  })

  test('two sentences are enough to tell the four', () => {
    expect(languageOf('The invoice is due in thirty days. Late payments are charged with interest.')).toBe(
      'english',
    )
    expect(languageOf('Die Rechnung ist in dreißig Tagen fällig. Bei Verzug werden Zinsen berechnet.')).toBe(
      'german',
    )
    expect(languageOf('La facture est due dans les trente jours. Tout retard est majoré des intérêts.')).toBe(
      'french',
    )
    expect(languageOf('La factura vence en treinta días. Los pagos con retraso llevan intereses.')).toBe(
      'spanish',
    )
  })

  test('of a mixed text the majority decides', () => {
    const [, english] = passages['English'] ?? fail()
    const [, german] = passages['German'] ?? fail()
    const [, russian] = passages['Russian'] ?? fail()
    expect(languageOf(german.repeat(3) + english)).toBe('german')
    expect(languageOf(german + english.repeat(3))).toBe('english')
    expect(languageOf(russian.repeat(6) + english)).toBe('simple')
    expect(languageOf(russian + english.repeat(3))).toBe('english')
  })

  test('only the first 20,000 characters are looked at', () => {
    const [, english] = passages['English'] ?? fail()
    const [, german] = passages['German'] ?? fail()
    expect(languageOf(english.repeat(100).slice(0, 20_000) + german.repeat(1_000))).toBe('english')
  })
})

function fail(): never {
  throw new Error('no such passage')
}
