import { useEffect, useRef } from 'react';
import type { ViewMessage } from '../../core/session/view.ts';
import { Message } from './Message.tsx';
import './transcript.css';

/** How far from the end still counts as reading along. */
const NEAR_END_PX = 120;

export function Transcript({ messages }: { messages: readonly ViewMessage[] }) {
  const scroller = useRef<HTMLDivElement>(null);
  const following = useRef(true);
  const follow = () => {
    const element = scroller.current;
    if (element && following.current) element.scrollTop = element.scrollHeight;
  };
  useEffect(follow, [messages]);
  useEffect(() => {
    const resized = new ResizeObserver(follow);
    if (scroller.current) resized.observe(scroller.current);
    return () => resized.disconnect();
  }, []);
  return (
    <div
      className="transcript"
      ref={scroller}
      role="region"
      aria-label="Transcript"
      tabIndex={0}
      onScroll={({ currentTarget: { scrollHeight, scrollTop, clientHeight } }) => {
        following.current = scrollHeight - scrollTop - clientHeight < NEAR_END_PX;
      }}
    >
      <ol className="messages">
        {messages.map((message) => (
          <Message key={message.id} message={message} />
        ))}
      </ol>
    </div>
  );
}
