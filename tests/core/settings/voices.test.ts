import { describe, expect, it } from 'vitest';
import { languages } from '../../../core/settings/settings.ts';
import { kokoroVoices, voiceChoices, voiceLanguage, voiceLocale } from '../../../core/settings/voices.ts';

describe('Voices', () => {
  it('have ids and names of their own, and a language that Parley speaks', () => {
    const all = [...voiceChoices, ...kokoroVoices];
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
    for (const language of languages) {
      const names = kokoroVoices.filter((voice) => voice.language === language).map(({ name }) => name);
      expect(new Set(names).size).toBe(names.length);
    }
    expect(kokoroVoices).toHaveLength(41);
    expect(kokoroVoices).toContainEqual({
      id: 'bf_emma',
      name: 'Emma (Great Britain, female)',
      language: 'en',
    });
    expect(kokoroVoices).toContainEqual({ id: 'if_sara', name: 'Sara (female)', language: 'it' });
  });

  it('tell their language and region', () => {
    expect(voiceLocale('bm_george')).toBe('en-gb');
    expect(voiceLocale('jf_alpha')).toBe('ja');
    expect(voiceLocale('pt-BR')).toBe('pt-br');
    expect(voiceLocale('xf_nobody')).toBe('xf_nobody');
    expect(voiceLanguage('hf_alpha')).toBe('hi');
    expect(voiceLanguage('de')).toBe('de');
    expect(voiceLanguage('constructor')).toBe('en');
  });
});
