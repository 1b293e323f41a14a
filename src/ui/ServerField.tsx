import { useId, useState } from 'react';
import { describeServer, isKey } from '../state/server-words.ts';
import { usePage, usePlacement, useSettings } from './page-context.tsx';

/** What is known of the server that the page came from, and the key that it may ask for. */
export function ServerField() {
  const { server } = usePlacement();
  const { serverKey } = useSettings();
  if (server === undefined) return null;
  const asks = server.state === 'wants-key' || server.state === 'denied' || serverKey !== '';
  return (
    <section className="settings-section plan-server">
      <h3>The server of this page</h3>
      <p role="status">{describeServer(server)}</p>
      {asks && <KeyField />}
    </section>
  );
}

/** Counts when the field is left or Enter is pressed; empty takes the key back. */
function KeyField() {
  const id = useId();
  const { settings } = usePage();
  const { serverKey } = useSettings();
  const [wrong, setWrong] = useState(false);
  const take = (text: string) => {
    const key = text.trim();
    setWrong(!isKey(key));
    if (isKey(key) && key !== serverKey) settings.set({ serverKey: key });
  };
  return (
    <div className="field">
      <label htmlFor={id}>Key of the server</label>
      <input
        id={id}
        type="password"
        className="text-input"
        autoComplete="off"
        spellCheck={false}
        defaultValue={serverKey}
        aria-invalid={wrong}
        aria-describedby={`${id}-note`}
        onBlur={(event) => take(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') take(event.currentTarget.value);
        }}
      />
      <small id={`${id}-note`}>
        {wrong
          ? 'This is no key: it has letters, digits and . _ ~ + / = - only.'
          : 'It is kept in this browser and sent to this server only.'}
      </small>
    </div>
  );
}
