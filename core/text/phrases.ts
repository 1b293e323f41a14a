import type { Language } from '../settings/settings.ts';
import { spokenWords } from './words.ts';

/** Short things that people say to an assistant while it speaks, as `spokenWords` writes them. */
interface Phrases {
  /** Said while listening, to say "go on": no turn of their own. */
  agreement: readonly string[];
  /** Be silent, and nothing else. */
  stop: readonly string[];
  /** Say the rest of what was cut short. */
  goOn: readonly string[];
}

const PHRASES: Record<Language, Phrases> = {
  en: {
    // "Write" is what a recogniser makes of "right" where nothing else is said.
    agreement: [
      'uh huh',
      'mm hmm',
      'mhm',
      'hmm',
      'mm',
      'ah',
      'oh',
      'yeah',
      'right',
      'write',
      'okay',
      'ok',
      'i see',
    ],
    stop: [
      'stop',
      'stop it',
      'please stop',
      'stop please',
      'wait',
      'wait a moment',
      'hold on',
      'quiet',
      'be quiet',
      'enough',
      'that is enough',
      "that's enough",
    ],
    goOn: ['go on', 'please go on', 'go on please', 'continue', 'please continue', 'keep going', 'carry on'],
  },
  es: {
    agreement: ['ajá', 'mm', 'ah', 'ya', 'vale', 'claro', 'sí', 'entiendo'],
    stop: ['para', 'para ya', 'alto', 'espera', 'espera un momento', 'silencio', 'cállate', 'basta'],
    goOn: ['sigue', 'continúa', 'sigue por favor', 'continúa por favor', 'adelante'],
  },
  fr: {
    agreement: ['mm', 'hum', 'ah', 'oui', "d'accord", 'ouais', 'je vois'],
    stop: ['stop', 'arrête', 'arrêtez', 'attends', 'attendez', 'silence', 'tais toi', 'ça suffit'],
    goOn: ['continue', 'continuez', 'vas y', 'allez y', "continue s'il te plaît"],
  },
  pt: {
    agreement: ['aham', 'mm', 'ah', 'sim', 'certo', 'tá', 'entendi'],
    stop: ['para', 'pare', 'espera', 'espere', 'silêncio', 'chega', 'cala a boca'],
    goOn: ['continua', 'continue', 'continue por favor', 'segue', 'vai em frente'],
  },
  hi: {
    agreement: ['हूँ', 'हाँ', 'हां', 'अच्छा', 'ठीक', 'ठीक है'],
    stop: ['रुको', 'रुकिए', 'रुक जाओ', 'बस', 'चुप', 'बंद करो', 'ठहरो'],
    goOn: ['जारी रखो', 'जारी रखें', 'आगे बोलो', 'आगे बोलिए', 'बोलते रहो'],
  },
  de: {
    agreement: ['mhm', 'hm', 'mm', 'ah', 'aha', 'ja', 'genau', 'okay', 'ok', 'verstehe'],
    stop: ['stopp', 'stop', 'halt', 'warte', 'warte mal', 'moment', 'ruhe', 'sei still', 'genug'],
    goOn: ['weiter', 'mach weiter', 'bitte weiter', 'sprich weiter', 'rede weiter', 'fahr fort'],
  },
  nl: {
    agreement: ['mm', 'hm', 'ah', 'ja', 'precies', 'oké', 'ok', 'juist'],
    stop: ['stop', 'stop maar', 'wacht', 'wacht even', 'stil', 'wees stil', 'genoeg', 'hou op'],
    goOn: ['ga door', 'ga verder', 'verder', 'ga maar door', 'vertel verder'],
  },
  it: {
    agreement: ['mm', 'ah', 'sì', 'certo', 'già', 'capisco', 'okay', 'ok'],
    stop: [
      'stop',
      'basta',
      'ferma',
      'fermati',
      'aspetta',
      'aspetta un momento',
      'zitto',
      'zitta',
      'silenzio',
    ],
    goOn: ['continua', 'vai avanti', 'prosegui', 'continua per favore'],
  },
};

function isOneOf(phrases: readonly string[], text: string): boolean {
  return phrases.includes(spokenWords(text).join(' '));
}

/** Said while listening, to say "go on": "uh huh", "right". */
export function isAgreement(text: string, language: Language): boolean {
  return isOneOf(PHRASES[language].agreement, text);
}

/** Asks for silence and for nothing else: "stop", "wait". */
export function isStop(text: string, language: Language): boolean {
  return isOneOf(PHRASES[language].stop, text);
}

/** Asks for the rest of what was cut short: "go on". */
export function isGoOn(text: string, language: Language): boolean {
  return isOneOf(PHRASES[language].goOn, text);
}
