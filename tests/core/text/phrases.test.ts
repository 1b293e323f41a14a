import { describe, expect, it } from 'vitest';
import { languages } from '../../../core/settings/settings.ts';
import type { Language } from '../../../core/settings/settings.ts';
import { isAgreement, isGoOn, isStop } from '../../../core/text/phrases.ts';

const said: Record<Language, { agreement: string; stop: string; goOn: string; other: string }> = {
  en: { agreement: 'Uh-huh.', stop: 'Stop!', goOn: 'Please go on.', other: 'Stop the timer.' },
  es: { agreement: 'Vale.', stop: '¡Espera!', goOn: 'Continúa, por favor.', other: 'Para el temporizador.' },
  fr: { agreement: "D'accord.", stop: 'Attends !', goOn: 'Continue.', other: 'Arrête la musique.' },
  pt: { agreement: 'Certo.', stop: 'Pare!', goOn: 'Continue, por favor.', other: 'Pare a música.' },
  hi: { agreement: 'ठीक है।', stop: 'रुको!', goOn: 'आगे बोलो।', other: 'समय क्या है?' },
  de: { agreement: 'Genau.', stop: 'Warte mal!', goOn: 'Bitte weiter.', other: 'Stopp den Wecker.' },
  nl: { agreement: 'Precies.', stop: 'Wacht even!', goOn: 'Ga verder.', other: 'Stop de wekker.' },
  it: { agreement: 'Certo.', stop: 'Aspetta!', goOn: 'Vai avanti.', other: 'Ferma la musica.' },
};

describe.each(languages)('what is said to the talking itself (%s)', (language) => {
  const { agreement, stop, goOn, other } = said[language];

  it('[BARGE-8] knows agreement, [BARGE-11] a stop and [BARGE-12] "go on", and takes nothing else for them', () => {
    const kinds = (text: string) => [isAgreement, isStop, isGoOn].map((is) => is(text, language));
    expect(kinds(agreement)).toEqual([true, false, false]);
    expect(kinds(stop)).toEqual([false, true, false]);
    expect(kinds(goOn)).toEqual([false, false, true]);
    expect(kinds(other)).toEqual([false, false, false]);
    expect(kinds('')).toEqual([false, false, false]);
  });
});
