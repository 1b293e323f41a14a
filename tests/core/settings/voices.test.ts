import { describe, expect, it } from 'vitest';
import { languages } from '../../../core/settings/settings.ts';
import {
  kokoroVoiceFor,
  kokoroVoices,
  supertonicVoice,
  supertonicVoices,
  voiceChoices,
  voiceLanguage,
  voiceLocale,
} from '../../../core/settings/voices.ts';

describe('Voices', () => {
  it('have ids and names of their own, and a language that Parley speaks', () => {
    const all = [...voiceChoices, ...kokoroVoices, ...supertonicVoices];
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

  it('of another engine stand for the language', () => {
    expect(kokoroVoiceFor('am_puck')).toBe('am_puck');
    expect(kokoroVoiceFor('en-gb')).toBe('bf_emma');
    expect(kokoroVoiceFor('pt+m2')).toBe('pf_dora');
    expect(supertonicVoice('pt+m2')).toEqual({ voice: 'M2', language: 'pt' });
    expect(supertonicVoice('ff_siwis')).toEqual({ voice: 'F1', language: 'fr' });
    for (const { id } of kokoroVoices) expect(kokoroVoiceFor(id)).toBe(id);
    for (const { id } of supertonicVoices) expect(supertonicVoice(id)?.voice).toBe(id.slice(3).toUpperCase());
  });

  it('are none in a language that the engine does not speak', () => {
    for (const id of ['de', 'nl', 'jf_alpha', 'zf_xiaoni', 'constructor', '']) {
      expect(kokoroVoiceFor(id)).toBeUndefined();
      expect(supertonicVoice(id)).toBeUndefined();
    }
  });
});
