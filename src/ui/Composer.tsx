import { useState, type KeyboardEvent } from 'react';
import { MAX_TYPED_CHARACTERS } from '../../core/turn/reduce-control.ts';
import { SendIcon } from './icons.tsx';
import { usePage } from './page-context.tsx';
import './composer.css';

export function Composer() {
  const { conversation } = usePage();
  const [text, setText] = useState('');
  const trimmed = text.trim();
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
