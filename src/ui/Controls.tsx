import { useLayoutEffect, useRef, type ReactNode } from 'react';
import { EndIcon, MicrophoneIcon, MicrophoneOffIcon, StopIcon } from './icons.tsx';
import { usePage, useRun, useSettings, useView } from './page-context.tsx';
import type { Control } from './use-control.ts';
import './controls.css';

/** Mute, Stop and End; away while there is nothing to mute, stop or end. */
export function Controls({ control }: { control: Control }) {
  const { phase } = useView();
  const { state } = useRun();
  const replying = phase === 'thinking' || phase === 'speaking';
  const open = state === 'starting' || control.running;
  return open || replying ? <ControlRow control={control} replying={replying} open={open} /> : null;
}

interface ControlRowProps {
  control: Control;
  replying: boolean;
  open: boolean;
}

function ControlRow({ control, replying, open }: ControlRowProps) {
  const { conversation } = usePage();
  const { muted } = useView();
  const { talkMode, shortcuts } = useSettings();
  const row = useRef<HTMLDivElement>(null);
  const { button } = control;

  // The keyboard's place must not vanish together with the row.
  useLayoutEffect(() => {
    const element = row.current;
    const talk = button.current;
    return () => {
      if (element?.contains(document.activeElement)) talk?.focus();
    };
  }, [button]);

  return (
    <div className="controls" role="group" aria-label="Conversation controls" ref={row}>
      {talkMode === 'open' && (
        <ControlButton
          name="Mute"
          shortcut={shortcuts ? 'M' : undefined}
          enabled={control.running}
          pressed={muted}
          onPress={() => conversation.setMuted(!muted)}
        >
          {muted ? <MicrophoneOffIcon /> : <MicrophoneIcon />}
        </ControlButton>
      )}
      <ControlButton name="Stop" shortcut="Escape" enabled={replying} onPress={() => conversation.stop()}>
        <StopIcon />
      </ControlButton>
      <ControlButton name="End" enabled={open} onPress={() => conversation.end()}>
        <EndIcon />
      </ControlButton>
    </div>
  );
}

interface ControlButtonProps {
  name: string;
  shortcut?: string | undefined;
  enabled: boolean;
  pressed?: boolean;
  onPress: () => void;
  children: ReactNode;
}

/** Stays focusable while it has nothing to do, so that pressing it never loses the keyboard's place. */
function ControlButton({ name, shortcut, enabled, pressed, onPress, children }: ControlButtonProps) {
  return (
    <button
      type="button"
      className="control-button"
      aria-disabled={!enabled}
      aria-pressed={pressed}
      aria-keyshortcuts={shortcut}
      title={shortcut && `${name} (${shortcut === 'Escape' ? 'Esc' : shortcut})`}
      onClick={() => enabled && onPress()}
    >
      {children}
      <span>{name}</span>
    </button>
  );
}
