import { useCallback, useRef, useState, type RefObject } from 'react';
import { controlHint, controlLabel, controlState, pressAction, type ControlState } from '../state/control.ts';
import { useModels, usePage, useRun, useSettings, useView } from './page-context.tsx';

export interface Control {
  state: ControlState;
  label: string;
  hint: string;
  running: boolean;
  /** Push-to-talk is chosen and the microphone is open: the control is held, not pressed. */
  holdable: boolean;
  held: boolean;
  button: RefObject<HTMLButtonElement | null>;
  press(): void;
  hold(held: boolean): void;
}

/** The one Talk control: what it shows and what it does. */
export function useControl(): Control {
  const { conversation } = usePage();
  const [view, models, run, settings] = [useView(), useModels(), useRun(), useSettings()];
  const button = useRef<HTMLButtonElement>(null);
  const [held, setHeld] = useState(false);
  const down = useRef(false);
  const input = { view, models, run, talkMode: settings.talkMode, held };
  const state = controlState(input);
  const busy = state === 'thinking' || state === 'speaking';

  const hold = useCallback(
    (next: boolean) => {
      if (next === down.current) return;
      down.current = next;
      setHeld(next);
      if (next && busy) conversation.stop();
      conversation.setTalking(next);
    },
    [conversation, busy],
  );
  const press = () => {
    const action = pressAction(state, run);
    if (action === 'start') void conversation.start();
    else if (action === 'end') conversation.end();
    else if (action === 'stop') conversation.stop();
    else conversation.setMuted(false);
  };
  return {
    state,
    label: controlLabel(state),
    hint: controlHint(state, input),
    running: run.state === 'on' || run.state === 'reconnecting',
    holdable: settings.talkMode === 'hold' && run.state === 'on',
    held,
    button,
    press,
    hold,
  };
}
