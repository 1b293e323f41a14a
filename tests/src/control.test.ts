import { describe, expect, it } from 'vitest';
import type { ModelsStatus } from '../../src/state/conversation.ts';
import {
  controlHint,
  controlLabel,
  controlState,
  controlStates,
  pressAction,
  type ControlInput,
} from '../../src/state/control.ts';

const models: ModelsStatus = { stages: [], ready: true };
const loading: ModelsStatus = {
  stages: [{ stage: 'llm', state: 'loading', loadedBytes: 1, totalBytes: 2 }],
  ready: false,
};

function look(changes: Partial<ControlInput> & { phase?: ControlInput['view']['phase']; muted?: boolean }) {
  const { phase = 'listening', muted = false, ...rest } = changes;
  return controlState({
    view: { phase, muted },
    models,
    run: { state: 'on' },
    talkMode: 'open',
    held: false,
    ...rest,
  });
}

describe('the look of the Talk control', () => {
  it.each(['listening', 'hearing', 'deciding', 'thinking', 'speaking'] as const)('shows %s', (phase) => {
    expect(look({ phase })).toBe(phase);
  });

  it('shows idle before Talk, and loading while it starts', () => {
    expect(look({ phase: 'idle', run: { state: 'off' } })).toBe('idle');
    expect(look({ phase: 'idle', run: { state: 'starting' } })).toBe('loading');
  });

  it('shows loading when a typed message loads the models before Talk, and the reply to it', () => {
    expect(look({ phase: 'idle', run: { state: 'off' }, models: loading })).toBe('loading');
    expect(look({ phase: 'speaking', run: { state: 'off' } })).toBe('speaking');
  });

  it('shows muted while the person could talk, but the reply goes on above it', () => {
    expect(look({ muted: true })).toBe('muted');
    expect(look({ muted: true, phase: 'speaking' })).toBe('speaking');
  });

  it('shows failed and reconnecting before anything else', () => {
    expect(look({ phase: 'speaking', run: { state: 'failed' } })).toBe('failed');
    expect(look({ phase: 'hearing', muted: true, run: { state: 'reconnecting' } })).toBe('reconnecting');
  });

  it('waits in push-to-talk until it is held', () => {
    expect(look({ talkMode: 'hold', muted: true })).toBe('ready');
    expect(look({ talkMode: 'hold', held: true })).toBe('listening');
    expect(look({ talkMode: 'hold', phase: 'deciding' })).toBe('deciding');
  });

  it('says every state in words of its own', () => {
    expect(new Set(controlStates.map(controlLabel)).size).toBe(controlStates.length);
    for (const state of controlStates) {
      expect(controlHint(state, { talkMode: 'open', run: { state: 'on' }, models })).not.toBe('');
    }
  });
});

describe('the hint while it starts', () => {
  it('asks to allow the microphone once that is all there is to wait for', () => {
    const starting = { talkMode: 'open', run: { state: 'starting' } } as const;
    expect(controlHint('loading', { ...starting, models: loading })).toBe('Press to cancel');
    expect(controlHint('loading', { ...starting, models })).toContain('Allow the microphone');
  });
});

describe('a press of the Talk control', () => {
  it('starts, ends, interrupts and unmutes', () => {
    expect(pressAction('idle', { state: 'off' })).toBe('start');
    expect(pressAction('failed', { state: 'failed' })).toBe('start');
    expect(pressAction('loading', { state: 'starting' })).toBe('end');
    expect(pressAction('loading', { state: 'off' })).toBe('start');
    expect(pressAction('listening', { state: 'on' })).toBe('end');
    expect(pressAction('thinking', { state: 'on' })).toBe('stop');
    expect(pressAction('speaking', { state: 'off' })).toBe('stop');
    expect(pressAction('muted', { state: 'on' })).toBe('unmute');
  });
});
