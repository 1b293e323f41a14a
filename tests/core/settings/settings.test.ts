import { describe, expect, it } from 'vitest';
import { defaultSettings, parseSettings } from '../../../core/settings/settings.ts';
import { espeakVoices } from '../../../core/settings/voices.ts';
import { languages } from '../../../core/settings/settings.ts';
import { createScene } from '../../support/scene.ts';

describe('settings', () => {
  it('[SET-1] reads back what it wrote', () => {
    const chosen = { ...defaultSettings, language: 'de' as const, voice: { id: 'de', speed: 1.5 } };
    expect(parseSettings(JSON.parse(JSON.stringify(chosen)))).toEqual({ settings: chosen, rejected: [] });
  });

  it.each([
    ['nothing', undefined],
    ['null', null],
    ['text', 'garbage'],
    ['a number', 42],
    ['a list', [1, 2]],
  ])('[SET-1] takes the defaults for %s', (_name, stored) => {
    expect(parseSettings(stored)).toEqual({ settings: defaultSettings, rejected: ['settings'] });
  });

  it('[SET-1] keeps what it knows of settings from the future, and replaces field by field what does not fit', () => {
    const future = {
      ...defaultSettings,
      version: 7,
      language: 'nl',
      voice: { id: 'nl', speed: 99 },
      listening: { ...defaultSettings.listening, pace: 'breathless' },
      telepathy: true,
    };
    const { settings, rejected } = parseSettings(future);
    expect(rejected.toSorted()).toEqual(['listening', 'version', 'voice']);
    expect(settings).toEqual({ ...defaultSettings, language: 'nl' });
  });

  it.each(['two words', 'naïve', 'x'.repeat(4_097), 7])(
    '[SET-1] takes %s for no key of a server',
    (serverKey) => {
      expect(parseSettings({ ...defaultSettings, serverKey })).toEqual({
        settings: defaultSettings,
        rejected: ['serverKey'],
      });
    },
  );

  it('[SET-1] fills in fields that an older version did not have', () => {
    expect(parseSettings({ version: 1, language: 'it' }).settings).toEqual({
      ...defaultSettings,
      language: 'it',
    });
  });

  it('has a voice for every language', () => {
    expect(new Set(espeakVoices.map(({ language }) => language))).toEqual(new Set(languages));
  });
});

describe('settings in a conversation', () => {
  it('[SET-2] reopens the microphone when another one is chosen, and forgets what was half heard', async () => {
    const scene = createScene();
    await scene.talk();
    scene.source.started(scene.nextUtterance());
    await scene.clock.settle();
    scene.session.applySettings({ ...scene.settings, microphoneId: 'headset' });
    expect(scene.phase()).toBe('listening');
    await scene.say();
    await scene.clock.advance(3000);
    expect(scene.lastAnswer()?.text).toBe('It is noon.');
  });

  it('[SET-2] leaves the microphone alone when something else changes', async () => {
    const scene = createScene();
    await scene.talk();
    scene.source.started(scene.nextUtterance());
    await scene.clock.settle();
    scene.session.applySettings({ ...scene.settings, voice: { id: 'en-gb', speed: 1 } });
    expect(scene.phase()).toBe('hearing');
  });
});
