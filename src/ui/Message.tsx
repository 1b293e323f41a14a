import { memo } from 'react';
import type { ViewMessage } from '../../core/session/view.ts';
import { splitHeard } from '../state/heard.ts';

/** One side's turn, as in a play: the speaker, then the words. Words are text, never markup. */
export const Message = memo(function Message({ message }: { message: ViewMessage }) {
  const { role, state, tools } = message;
  const { heard, unheard } = splitHeard(message);
  return (
    <li className="message" data-role={role} data-state={state}>
      <p className="message-speaker">{role === 'user' ? 'You' : 'Parley'}</p>
      <div className="message-body">
        <p className="message-text" dir="auto">
          {heard}
          {unheard && <span className="message-unheard">{unheard}</span>}
          {state === 'partial' && <span className="message-more" aria-label="not finished" role="img" />}
        </p>
        {state === 'interrupted' && (
          <p className="message-note">
            {unheard ? 'Interrupted. The lighter words were not heard.' : 'Interrupted.'}
          </p>
        )}
        {tools && tools.length > 0 && (
          <p className="message-note">Used: {tools.map((tool) => tool.replaceAll('_', ' ')).join(', ')}</p>
        )}
      </div>
    </li>
  );
});
