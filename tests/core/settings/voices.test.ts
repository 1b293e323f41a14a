import { describe, expect, it } from 'vitest';
import { languages } from '../../../core/settings/settings.ts';
import {
  espeakVoiceFor,
  kokoroVoiceFor,
  kokoroVoices,
  supertonicVoice,
  supertonicVoices,
  espeakVoices,
  voiceLanguage,
  spokenVoice,
  voiceLocale,
  voicesIn,
} from '../../../core/settings/voices.ts';

describe('Voices', () => {
  it('have ids and names of their own, and a language that Parley speaks', () => {
    const all = [...espeakVoices, ...kokoroVoices, ...supertonicVoices];
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

  it('[VOICE-5] are offered by engine and language, and each that is offered speaks by itself', () => {
    for (const engine of ['espeak', 'kokoro', 'supertonic'] as const)
      for (const language of languages)
        for (const voice of voicesIn(engine, language)) expect(spokenVoice(engine, voice.id)).toBe(voice);
    expect(voicesIn('kokoro', 'en')[0]?.name).toBe('Heart (America, female)');
    expect(voicesIn('kokoro', 'de')).toEqual([]);
    expect(voicesIn('supertonic', 'pt')).toHaveLength(10);
  });

  it('[VOICE-5] of another engine are told by the voice that speaks instead', () => {
    expect(spokenVoice('kokoro', 'en-gb')?.id).toBe('bf_emma');
    expect(spokenVoice('espeak', 'bm_george')?.id).toBe('en-gb');
    expect(spokenVoice('supertonic', 'ff_siwis')?.id).toBe('fr+f1');
    expect(spokenVoice('supertonic', 'fr+m9')?.id).toBe('fr+f1');
    for (const id of ['de', 'constructor', '']) {
      expect(spokenVoice('kokoro', id)).toBeUndefined();
      expect(spokenVoice('supertonic', id)).toBeUndefined();
    }
  });

  it('of eSpeak NG speak for every id, by region, by language, or in English', () => {
    expect(espeakVoiceFor('pf_dora')).toBe('pt-br');
    expect(espeakVoiceFor('pt+m2')).toBe('pt-br');
    expect(espeakVoiceFor('pt-PT')).toBe('pt-pt');
    expect(espeakVoiceFor('es-mx')).toBe('es');
    for (const id of ['jf_alpha', 'constructor', '']) expect(espeakVoiceFor(id)).toBe('en-us');
  });

  it('are none in a language that the engine does not speak', () => {
    for (const id of ['de', 'nl', 'jf_alpha', 'zf_xiaoni', 'constructor', '']) {
      expect(kokoroVoiceFor(id)).toBeUndefined();
      expect(supertonicVoice(id)).toBeUndefined();
    }
  });
});
