import type { Language } from '../settings/settings.ts';

/** How the signs that double as Markdown are said where they stand for themselves. */
export interface SymbolWords {
  times: string;
  less: string;
  greater: string;
  number: string;
}

export const symbolWords: Record<Language, SymbolWords> = {
  en: { times: 'times', less: 'less than', greater: 'greater than', number: 'number' },
  es: { times: 'por', less: 'menor que', greater: 'mayor que', number: 'número' },
  fr: { times: 'fois', less: 'inférieur à', greater: 'supérieur à', number: 'numéro' },
  pt: { times: 'vezes', less: 'menor que', greater: 'maior que', number: 'número' },
  hi: { times: 'गुणा', less: 'से छोटा', greater: 'से बड़ा', number: 'नंबर' },
  de: { times: 'mal', less: 'kleiner als', greater: 'größer als', number: 'Nummer' },
  nl: { times: 'keer', less: 'kleiner dan', greater: 'groter dan', number: 'nummer' },
  it: { times: 'per', less: 'minore di', greater: 'maggiore di', number: 'numero' },
};
