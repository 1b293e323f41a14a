import { useEffect, useState, type KeyboardEvent } from 'react';
import { MAX_TYPED_CHARACTERS } from '../../core/turn/reduce-control.ts';
import { SendIcon } from './icons.tsx';
import { useApp, usePage } from './page-context.tsx';
import './composer.css';

export function Composer() {
  const { app, conversation } = usePage();
  const { sharedText } = useApp();
  const [text, setText] = useState('');
  const trimmed = text.trim();
  useEffect(() => {
    const shared = app.takeSharedText();
    if (shared === '') return;
    setText((typed) => [typed, shared].filter(Boolean).join('\n').slice(0, MAX_TYPED_CHARACTERS));
  }, [app, sharedText]);
  const send = () => {
    if (trimmed === '') return;
    conversation.submitText(trimmed);
    setText('');
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    send();
  };
  return (
    <form
      className="composer"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <textarea
        className="composer-text"
        aria-label="Type a message"
        placeholder="Or type here"
        rows={1}
        maxLength={MAX_TYPED_CHARACTERS}
        value={text}
        enterKeyHint="send"
        autoComplete="off"
        onChange={(event) => setText(event.target.value)}
        onKeyDown={onKeyDown}
      />
      <button type="submit" className="composer-send" aria-label="Send" aria-disabled={trimmed === ''}>
        <SendIcon />
      </button>
    </form>
  );
}
