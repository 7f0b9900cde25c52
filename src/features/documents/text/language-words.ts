// Function words by which a language is told. The neighbours stand here so that an Italian text is not taken for a
// Spanish one: whatever they win is 'simple'. A word that several languages have stands in the list of each.

/** Languages with a stemmer, in the order that decides a tie. */
export const OWN_WORDS = {
  english:
    'the of and to in a is that for it as was with be by on not he his but at are this have from or had an they ' +
    'which one you were all her she there would their we him been has when who will no more if out so what up its ' +
    'about than into them can only other may any these such shall must under after between our your does do where',
  german:
    'der die und in den von zu das mit sich des auf für ist im dem nicht ein eine als auch es an werden aus er hat ' +
    'dass sie nach wird bei einer um am sind noch wie einem über einen so zum war haben nur oder aber vor zur bis ' +
    'mehr durch man sein wurde sei ihr ihre kann wenn ich wir unter gegen vom können schon sowie keine diese dieser ' +
    'dieses eines wer was ihm ihn uns hier soll muss',
  french:
    'de la le et les des en un du une que est pour qui dans a par plus pas au sur ne se ce il sont la avec son aux ' +
    'd l qu c n s j m ou mais comme on sa ont ses cette nous vous leur être fait elle ils si tout deux même aussi ' +
    'peut sans après entre était sous dont ces notre votre leurs doit où je tous toute lors ainsi chaque',
  spanish:
    'de la que el en y a los se del las un por con no una su para es al lo como más o pero sus le ha me si sin ' +
    'sobre este ya entre cuando todo esta ser son dos también fue había era muy hasta desde está mi porque qué sólo ' +
    'solo han yo hay vez puede todos así nos ni parte tiene él uno donde bien ese eso cada les ante estos debe',
} as const

/** Each line a language or a group of near ones. */
export const NEIGHBOUR_WORDS: readonly string[] = [
  'di e il la che in a per un è del non una della i le con si da al dei come alla sono nel ha più gli anche dal ' +
    'delle o ma su nella ai se lo questo ad suo sua dalla quando essere ed tra stato loro l d dell all nell un cui',
  'de a o que e do da em um para é com não uma os no se na por mais as dos como mas foi ao ele das tem à seu sua ou ' +
    'ser quando muito há nos já está eu também só pelo pela até isso ela entre era depois sem mesmo aos ter seus são',
  'de van het een en in is dat op te zijn met voor niet die aan er om ook als bij door naar uit dan maar over hij ze ' +
    'wordt of worden was deze heeft dit tot zich geen meer kan nog wel onder we moet werd al hun haar zij ik je',
  'och i att det som en på är av för med den till inte har de ett om så var från vid kan men eller när nu också ' +
    'og er at af der et ikke med han jeg vi du være blev efter over skal blir eller fra ved til på som å ble',
  'i w z na do nie się że to jest o jak za od po ale co tak przez dla są czy może już tylko lub oraz ich jego ' +
    'a v se je že s k ve na to do si by jsou pro jako ale od po za který nebo podle sa je vo ako pre alebo',
  'de la i el que en a els del per les un amb una és al no dels es s l d ha va com més o ser seva són aquest ' +
    'aquesta també però si entre sobre fins molt tot on hi quan ni fou seu seus cada',
  'de și în a la cu pe o că din nu un este mai se care pentru sau prin dar fost al ale lui sunt după fi ca ei ' +
    'cel între unei unui acest această',
  'et in est non ad ut cum quod sed qui ex ab de si quae hoc aut ac per esse sit enim etiam quam nec atque eius ' +
    'sunt autem dolor ipsum amet',
  'ja on ei se että oli hän mutta ovat myös kun tai joka sen ole niin kuin voi jos vain sekä mukaan ennen',
  'a az és hogy nem is egy ez van meg csak de volt már mint vagy ha még el kell azt mert pedig',
  've bir bu da için de ile çok olarak daha gibi olan kadar sonra ama her ne ya o değil mi veya göre',
  'yang dan di ini dengan untuk itu dari dalam pada tidak adalah akan ke oleh juga atau sebagai ada',
]

/** Letters that speak for one language alone; the last row for none of the four. */
export const OWN_LETTERS = {
  english: '',
  german: 'ß',
  french: 'œ',
  spanish: 'ñ',
} as const
export const FOREIGN_LETTERS = 'ãõåøąęłńśźżčěřšžůďťőűğışțșăđơư'
