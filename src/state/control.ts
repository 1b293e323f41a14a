import type { ConversationView } from '../../core/session/view.ts';
import type { ModelsStatus, RunStatus } from './conversation.ts';
import { summariseModels } from './models.ts';

export const controlStates = [
  'idle',
  'loading',
  'ready',
  'listening',
  'hearing',
  'deciding',
  'thinking',
  'speaking',
  'muted',
  'reconnecting',
  'failed',
] as const;

/** What the Talk control shows; each state has a shape, a motion and words of its own. */
export type ControlState = (typeof controlStates)[number];

export interface ControlInput {
  view: Pick<ConversationView, 'phase' | 'muted'>;
  models: ModelsStatus;
  run: RunStatus;
  talkMode: 'open' | 'hold';
  /** Push-to-talk: the key or the control is held. */
  held: boolean;
}

export function controlState({ view, models, run, talkMode, held }: ControlInput): ControlState {
  const { phase } = view;
  if (run.state === 'failed') return 'failed';
  if (run.state === 'reconnecting') return 'reconnecting';
  if (run.state === 'starting') return 'loading';
  if (phase === 'thinking' || phase === 'speaking') return phase;
  if (run.state === 'off') return summariseModels(models).loading ? 'loading' : 'idle';
  if (talkMode === 'hold' && !held) return phase === 'deciding' ? 'deciding' : 'ready';
  if (talkMode === 'open' && view.muted) return 'muted';
  return phase === 'idle' ? 'ready' : phase;
}

export type PressAction = 'start' | 'end' | 'stop' | 'unmute';

/** What a press of the control does. While it is held in push-to-talk it does nothing else. */
export function pressAction(state: ControlState, run: RunStatus): PressAction {
  if (state === 'muted') return 'unmute';
  if (state === 'thinking' || state === 'speaking') return 'stop';
  return run.state === 'off' || run.state === 'failed' ? 'start' : 'end';
}

const labels: Record<ControlState, string> = {
  idle: 'Ready when you are',
  loading: 'Loading',
  ready: 'Ready',
  listening: 'Listening',
  hearing: 'Hearing you',
  deciding: 'Waiting for you to finish',
  thinking: 'Thinking',
  speaking: 'Speaking',
  muted: 'Muted',
  reconnecting: 'Reconnecting',
  failed: 'Something went wrong',
};

export function controlLabel(state: ControlState): string {
  return labels[state];
}

/** One line under the label: what a press does, or what is going on. */
export function controlHint(
  state: ControlState,
  input: Pick<ControlInput, 'talkMode' | 'run' | 'models'>,
): string {
  if (state === 'ready') {
    return input.talkMode === 'hold' ? 'Hold this button or Space while you speak' : 'Press to end';
  }
  if (state === 'loading') {
    if (input.run.state !== 'starting') return 'Getting ready to answer';
    return input.models.ready ? 'Allow the microphone, or press to cancel' : 'Press to cancel';
  }
  const hints: Record<Exclude<ControlState, 'ready' | 'loading'>, string> = {
    idle: 'Press Talk, or type below',
    listening: input.talkMode === 'hold' ? 'Let go when you are done' : 'Speak, or press to end',
    hearing: input.talkMode === 'hold' ? 'Let go when you are done' : 'Take your time',
    deciding: 'Go on if there is more',
    thinking: 'Press to cancel',
    speaking: input.talkMode === 'hold' ? 'Press to interrupt' : 'Speak or press to interrupt',
    muted: 'Press to unmute',
    reconnecting: 'Bringing the conversation back',
    failed: 'Press Talk to try again',
  };
  return hints[state];
}
