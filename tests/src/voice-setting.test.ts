import { describe, expect, it } from 'vitest';
import type { EngineName } from '../../core/models/engines.ts';
import { makePlan } from '../../core/placement/make-plan.ts';
import { languages } from '../../core/settings/settings.ts';
import type { Language } from '../../core/settings/settings.ts';
import { voicesIn } from '../../core/settings/voices.ts';
import { voiceSetting } from '../../src/state/voice-setting.ts';
import { desktop, gpu } from '../support/devices.ts';
import { ownCatalogue, pulledCatalogue } from '../support/pulled-catalogue.ts';

/** What is shown where the models of this engine are the only ones that can speak, beside eSpeak NG. */
function shown(engine: EngineName | undefined, language: Language, id: string, serving?: string) {
  const plan = makePlan({
    device: desktop(16, 16, gpu()),
    models: pulledCatalogue.models,
    canRun: (stage, each) => stage !== 'tts' || each === engine,
    isStored: () => false,
    offers: [],
    speeds: {},
    prefer: 'this-device',
    choices: {},
    language,
    tier: 'full',
  });
  const view = { plan, tier: 'full', serving: serving === undefined ? {} : { tts: serving } } as const;
  return voiceSetting(view, { language, voice: { id, speed: 1 } });
}

const labels = ({ options }: ReturnType<typeof shown>): string[] => options.map(({ label }) => label);
const chosen = ({ options, value }: ReturnType<typeof shown>): string | undefined =>
  options.find((option) => option.value === value)?.label;

describe('[VOICE-5] the voice setting', () => {
  it('offers the voices of the engine that serves, in the language', () => {
    expect(labels(shown(undefined, 'en', 'en-gb'))).toEqual(['English (America)', 'English (Great Britain)']);
    expect(labels(shown('kokoro', 'it', 'it'))).toEqual(['Sara (female)', 'Nicola (male)']);
    expect(labels(shown('supertonic', 'fr', 'fr'))).toContain('Male 5');
    expect(shown('kokoro', 'it', 'it').engine).toBe('Kokoro 82M');
  });

  it('shows the voice that speaks where another engine’s was stored', () => {
    expect(chosen(shown('kokoro', 'en', 'en-gb'))).toBe('Emma (Great Britain, female)');
    expect(chosen(shown(undefined, 'en', 'bm_george'))).toBe('English (Great Britain)');
    expect(chosen(shown('supertonic', 'es', 'em_alex'))).toBe('Female 1');
  });

  it.each(['de', 'nl'] as const)(
    'offers eSpeak’s in a language that Kokoro does not speak: %s',
    (language) => {
      const setting = shown('kokoro', language, language);
      expect([setting.engine, setting.value, setting.options.length]).toEqual(['eSpeak NG', language, 1]);
    },
  );

  it('follows the engine that took over', () => {
    expect(shown('kokoro', 'en', 'af_sky', 'espeak-ng').value).toBe('en-us');
  });

  it('keeps a voice of another language in sight, since it is the one that speaks', () => {
    expect(labels(shown(undefined, 'de', 'en-us'))).toEqual(['English (America)', 'German']);
    expect(chosen(shown(undefined, 'de', 'en-us'))).toBe('English (America)');
  });

  it('asks for another where the engine has no voice for what was stored', () => {
    for (const id of ['de', 'constructor', ''])
      expect(chosen(shown('kokoro', 'en', id))).toBe('Choose a voice');
  });
});

describe('the catalogue', () => {
  it.each(['kokoro', 'supertonic'] as const)(
    'claims for %s the languages in which it has voices',
    (engine) => {
      const [model] = ownCatalogue.models.filter((each) => each.engine === engine);
      const spoken = languages.filter((language) => voicesIn(engine, language).length > 0);
      expect(model?.languages.toSorted()).toEqual(spoken.toSorted());
    },
  );
});
