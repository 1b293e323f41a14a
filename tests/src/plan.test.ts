import { describe, expect, it } from 'vitest';
import type { Candidate, PassedOver, Place, StagePlan } from '../../core/placement/plan.ts';
import type { PlacementView } from '../../src/state/conversation.ts';
import { choiceOf, choiceOptions, groupByReason, valueOf } from '../../src/state/plan.ts';
import { describePrivacy } from '../../src/state/server.ts';
import { servingOf } from '../../src/state/serving.ts';

const candidate = (name: string, place: Place): Candidate => ({
  key: `${name} ${place}`,
  model: `a/${name}`,
  name,
  place,
  parts: [],
  reason: 'The best.',
});

const passed = (name: string, place: Place, ...reasons: string[]): PassedOver => ({
  key: `${name} ${place}`,
  model: `a/${name}`,
  name,
  place,
  reason: reasons[0] ?? '',
  reasons: reasons.length,
  possible: reasons[0] === 'Slow.',
});

const plan: StagePlan = {
  chain: [candidate('Large', 'webgpu'), candidate('Large', 'wasm')],
  passedOver: [
    passed('Huge', 'webgpu', 'Too large.', 'Not here.'),
    passed('Huge', 'wasm', 'Not here.'),
    passed('Small', 'wasm', 'Slow.'),
    passed('Tiny', 'wasm', 'Not here.'),
    passed('Large', 'server', 'Not here.'),
  ],
};

describe('[PLACE-11] the words of the plan', () => {
  it('name each model that is passed over once, where the least speaks against it', () => {
    expect(groupByReason(plan)).toEqual([
      { reason: 'Not here.', names: ['Huge', 'Tiny'] },
      { reason: 'Slow.', names: ['Small'] },
    ]);
  });

  it('offer what is possible, and keep a choice in sight that is not any more', () => {
    const chosen = { model: 'a/Huge', place: 'wasm' } as const;
    expect(choiceOptions(plan, chosen).map(({ label }) => label)).toEqual([
      'Automatic',
      'Large on the graphics chip (WebGPU)',
      'Large on the processor (wasm)',
      'Small on the processor (wasm)',
      'a/Huge on the processor (wasm), not possible now',
    ]);
    expect(choiceOf(valueOf(chosen))).toEqual(chosen);
    expect(choiceOf('')).toBeUndefined();
  });

  it('[PLACE-12] say what is on the server now, and promise nothing else', () => {
    const at = (place: Place): StagePlan => ({ chain: [candidate('One', place)], passedOver: [] });
    const view = (stt: Place, llm: Place, tts: Place): PlacementView => ({
      plan: { vad: at('wasm'), turn: at('wasm'), stt: at(stt), llm: at(llm), tts: at(tts) },
      serving: {},
      tier: 'full',
    });
    expect(describePrivacy(view('wasm', 'webgpu', 'wasm'))).toBe('Everything stays on this device');
    expect(describePrivacy(view('wasm', 'server', 'wasm'))).toBe('On the server: answers');
    expect(describePrivacy(view('server', 'wasm', 'server'))).toBe('On the server: recognition and voice');
    // What failed there and was taken over here is not there any more.
    const stt = { chain: [candidate('One', 'server'), candidate('Two', 'wasm')], passedOver: [] };
    const { plan: rest, tier } = view('wasm', 'wasm', 'wasm');
    const moved = { plan: { ...rest, stt }, tier, serving: { stt: 'Two wasm' } };
    expect(describePrivacy(moved)).toBe('Everything stays on this device');
  });

  it('say what took over, and from what', () => {
    const other = { chain: [], passedOver: [] };
    const view = (serving: PlacementView['serving']): PlacementView => ({
      plan: { vad: other, turn: other, stt: plan, llm: other, tts: other },
      serving,
      tier: 'full',
    });
    const keys = (serving: PlacementView['serving']) => {
      const found = servingOf(view(serving), 'stt');
      return [found?.candidate.key, found?.instead?.key];
    };
    expect(keys({})).toEqual(['Large webgpu', undefined]);
    expect(keys({ stt: 'Large wasm' })).toEqual(['Large wasm', 'Large webgpu']);
    expect(servingOf(view({}), 'llm')).toBeUndefined();
  });
});
