/** Words of one language that tell a pause for thought from the end of a turn; lower case. */
export interface TurnWords {
  /** Lean on a word that has yet to come: conjunctions, articles, prepositions, short forms. */
  leaning: ReadonlySet<string>;
  /** As those, except after a question word: "what is it for". */
  stranding: ReadonlySet<string>;
  questions: ReadonlySet<string>;
  /** What somebody says when looking for words, beside the sounds that all languages share. */
  fillers: ReadonlySet<string>;
  digits: ReadonlySet<string>;
  /** Whole turns, of one word or several, the longest first. */
  alone: readonly string[];
}

interface WordLists {
  leaning: string;
  stranding?: string;
  questions?: string;
  fillers: string;
  digits: string;
  /** Divided by commas. */
  alone: string;
}

function turnWords({
  leaning,
  stranding = '',
  questions = '',
  fillers,
  digits,
  alone,
}: WordLists): TurnWords {
  const set = (words: string): ReadonlySet<string> => new Set(words.split(' '));
  return {
    leaning: set(leaning),
    stranding: set(stranding),
    questions: set(questions),
    fillers: set(fillers),
    digits: set(digits),
    alone: alone.split(',').toSorted((a, b) => b.length - a.length),
  };
}

/**
 * Left out are words that as often end a sentence: particles of verbs ("turn it on", "mach das Licht an"), pronouns
 * that look like articles (het, das), postpositions, and "okay", "please" and greetings, after which people go on.
 */
export const TURN_WORDS: ReadonlyMap<string, TurnWords> = new Map([
  [
    'en',
    turnWords({
      leaning:
        'and or but because if unless whether although nor a an the my your our their its every very than plus minus ' +
        "versus between during until into i'm i'd i'll i've it's we're we'll we've you're they're let's what's where's who's",
      stranding: 'for from of with to at by about like without',
      questions: 'what who whom whose which where how',
      fillers: 'um er',
      digits: 'zero oh one two three four five six seven eight nine',
      alone:
        "yes,yeah,yep,no,nope,stop,wait,thanks,thank you,thank you very much,goodbye,bye,cancel,never mind,go on,continue,enough,that's all,that's it,mm-hmm,uh-huh",
    }),
  ],
  [
    'es',
    turnWords({
      leaning:
        'y e o u pero porque si que ni aunque el la lo los las un una unos unas del al a de en con por para sin sobre ' +
        'entre hasta desde hacia según mi mis tu tus su sus muy',
      fillers: 'em eee',
      digits: 'cero uno dos tres cuatro cinco seis siete ocho nueve',
      alone: 'sí,si,no,para,espera,alto,gracias,muchas gracias,adiós,adios,basta,cancela,continúa,sigue,vale',
    }),
  ],
  [
    'fr',
    turnWords({
      leaning:
        'et ou mais car parce que qu si ni le la les l un une des du de d au aux à dans par pour sans sous sur avec ' +
        'chez entre vers depuis jusque jusqu pendant contre j n s mon ma mes ton ta tes sa ses notre votre nos vos quelle très',
      fillers: 'bah hum',
      digits: 'zéro un deux trois quatre cinq six sept huit neuf',
      alone: 'oui,non,si,stop,arrête,arrete,attends,attendez,merci,merci beaucoup,au revoir,annule,continue',
    }),
  ],
  [
    'pt',
    turnWords({
      leaning:
        'e ou mas porque se que nem embora o a os as um uma uns umas de do da dos das em no na nos nas num numa ao aos ' +
        'à às por pelo pela pelos pelas para pra com sem sobre entre até desde',
      fillers: 'hã ahn hum',
      digits: 'zero um dois três quatro cinco seis meia sete oito nove',
      alone:
        'sim,não,nao,para,pare,espera,espere,obrigado,obrigada,muito obrigado,muito obrigada,tchau,adeus,cancela,cancele,continua,continue,chega',
    }),
  ],
  [
    'hi',
    turnWords({
      leaning: 'और या लेकिन मगर क्योंकि कि अगर यदि जब का की के बहुत',
      fillers: 'उम अम अम्म हम्म उह मतलब',
      digits: 'शून्य एक दो तीन चार पाँच पांच छह छः सात आठ नौ',
      alone: 'हाँ,हां,जी,जी हाँ,जी हां,नहीं,रुको,रुकिए,बस,धन्यवाद,शुक्रिया',
    }),
  ],
  [
    'de',
    turnWords({
      leaning:
        'und oder aber weil wenn dass ob sondern sowie der die den dem des ein eine einen einem einer eines mein meine ' +
        'meinen meinem meiner dein deine unsere von für in bis ohne gegen zwischen während seit vom zum zur im ins am beim sehr',
      fillers: 'öh öhm em',
      digits: 'null eins zwei zwo drei vier fünf sechs sieben acht neun',
      alone:
        'ja,nein,doch,stopp,stop,halt,warte,danke,danke schön,dankeschön,tschüss,auf wiedersehen,weiter,abbrechen,genug',
    }),
  ],
  [
    'nl',
    turnWords({
      leaning:
        'en of omdat want als de een mijn jouw ons onze van met naar tot zonder tegen tussen tijdens sinds te zeer',
      fillers: 'eh',
      digits: 'nul één een twee drie vier vijf zes zeven acht negen',
      alone: 'ja,nee,stop,wacht,bedankt,dank je,dank je wel,dank u,dank u wel,dankjewel,doei,genoeg,annuleer',
    }),
  ],
  [
    'it',
    turnWords({
      leaning:
        'e ed o oppure ma se che il lo la i gli le un uno una l del dello della dell dei degli delle di da in con per ' +
        'tra fra al allo alla all ai agli alle a dal dalla nel nella nell nei nelle sul sulla sull senza fino',
      fillers: 'cioè',
      digits: 'zero uno due tre quattro cinque sei sette otto nove',
      alone:
        'sì,si,no,ferma,fermati,basta,aspetta,grazie,grazie mille,ciao,arrivederci,annulla,continua,stop',
    }),
  ],
]);
