import { useState, type KeyboardEvent } from 'react';
import { SendIcon } from './icons.tsx';
import { usePage } from './page-context.tsx';
import './composer.css';

/** Longer than anyone types in one turn, short enough for any model's window. */
const MAX_CHARACTERS = 2000;

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
        maxLength={MAX_CHARACTERS}
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
