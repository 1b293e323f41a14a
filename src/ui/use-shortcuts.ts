import { useEffect, useEffectEvent } from 'react';
import { classifyTarget, decideShortcut } from '../state/shortcuts.ts';
import { usePage, useSettings, useView } from './page-context.tsx';
import type { Control } from './use-control.ts';

/** Esc stops, M mutes, Space held talks. */
export function useShortcuts(control: Control): void {
  const { conversation } = usePage();
  const { shortcuts, talkMode } = useSettings();
  const { muted } = useView();

  const onKey = useEffectEvent((event: KeyboardEvent) => {
    const action = decideShortcut(
      {
        type: event.type === 'keyup' ? 'keyup' : 'keydown',
        key: event.key,
        repeat: event.repeat,
        modified: event.ctrlKey || event.altKey || event.metaKey || event.shiftKey || event.isComposing,
        target: event.target instanceof HTMLElement ? classifyTarget(event.target) : 'page',
      },
      {
        shortcuts,
        talkMode,
        running: control.running,
        holding: control.held,
        dialogOpen: document.querySelector('dialog[open]') !== null,
      },
    );
    if (action === undefined) return;
    if (action !== 'stop') event.preventDefault();
    if (action === 'stop') conversation.stop();
    else if (action === 'toggle-mute') conversation.setMuted(!muted);
    else if (action !== 'swallow') control.hold(action === 'talk-down');
  });
  // The key may come up where this page cannot see it.
  const letGo = useEffectEvent(() => {
    if (control.held) control.hold(false);
  });

  useEffect(() => {
    const ended = new AbortController();
    const { signal } = ended;
    window.addEventListener('keydown', (event) => onKey(event), { signal });
    window.addEventListener('keyup', (event) => onKey(event), { signal });
    window.addEventListener('blur', () => letGo(), { signal });
    document.addEventListener('visibilitychange', () => letGo(), { signal });
    return () => ended.abort();
  }, []);
}
