import { useEffect, useRef, useState } from 'react';
import type { ViewMessage } from '../../core/session/view.ts';
import { announceMessages, announceState, type Announced } from '../state/announcements.ts';
import type { ControlState } from '../state/control.ts';

/** Lines kept in the page; screen readers speak additions only. */
const KEPT = 12;

interface LiveRegionProps {
  state: ControlState;
  messages: readonly ViewMessage[];
}

/** Tells screen readers of finished sentences and of changes of the conversation, politely. */
export function LiveRegion({ state, messages }: LiveRegionProps) {
  const [lines, setLines] = useState<readonly { key: number; text: string }[]>([]);
  const told = useRef<{ announced: Announced; state: ControlState; count: number }>({
    announced: new Map(),
    state,
    count: 0,
  });

  useEffect(() => {
    const before = told.current;
    const { lines: sentences, announced } = announceMessages(messages, before.announced);
    const change = announceState(before.state, state);
    const fresh = (change === undefined ? sentences : [change, ...sentences]).map((text, index) => ({
      key: before.count + index,
      text,
    }));
    told.current = { announced, state, count: before.count + fresh.length };
    if (fresh.length > 0) setLines((shown) => [...shown, ...fresh].slice(-KEPT));
  }, [state, messages]);

  return (
    <div className="visually-hidden" role="log" aria-live="polite" aria-label="Announcements">
      {lines.map(({ key, text }) => (
        <p key={key}>{text}</p>
      ))}
    </div>
  );
}
