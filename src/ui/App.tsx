import { lazy, Suspense, useEffect, useState, type ReactNode } from 'react';
import { Composer } from './Composer.tsx';
import { Footnote } from './Footnote.tsx';
import { Header } from './Header.tsx';
import { Instrument } from './Instrument.tsx';
import { Invitation } from './Invitation.tsx';
import { LiveRegion } from './LiveRegion.tsx';
import { Notices } from './Notices.tsx';
import { useView } from './page-context.tsx';
import { Transcript } from './Transcript.tsx';
import { useControl } from './use-control.ts';
import { useShortcuts } from './use-shortcuts.ts';
import './theme.css';
import './app.css';

export type DialogName = 'settings' | 'models' | 'microphone-help' | 'plan';

const loadDialogs = () => import('./Dialogs.tsx').catch(() => ({ default: NoDialogs }));
const Dialogs = lazy(loadDialogs);
/** Where it did not come, the timer still rings, and the list of timers shows that it is over. */
const loadRinging = () => import('./RingingTimer.tsx').catch(() => ({ default: NoRinging }));
const RingingTimer = lazy(loadRinging);

export function App() {
  const view = useView();
  const control = useControl();
  const [dialog, setDialog] = useState<DialogName>();
  useShortcuts(control);
  useEffect(() => {
    void loadDialogs();
    void loadRinging();
  }, []);
  const close = () => setDialog(undefined);
  const ringing = view.timers.find((timer) => timer.ringing);

  return (
    <div className="app" data-empty={view.messages.length === 0}>
      <Header onOpen={setDialog} />
      <main className="app-main">
        <Instrument control={control} />
        <section className="conversation" aria-label="Conversation">
          <Notices onOpen={setDialog} />
          {view.messages.length === 0 ? <Invitation /> : <Transcript messages={view.messages} />}
          <Composer />
          <Footnote onOpen={setDialog} />
        </section>
      </main>
      <LiveRegion state={control.state} messages={view.messages} />
      {dialog && (
        <Suspense>
          <Dialogs name={dialog} onOpen={setDialog} onClose={close} />
        </Suspense>
      )}
      {ringing && (
        <Suspense>
          <RingingTimer key={ringing.id} timer={ringing} />
        </Suspense>
      )}
    </div>
  );
}

/** Stands in where the connection was lost before the dialogs had come. */
function NoDialogs({ onClose }: { onClose: () => void }) {
  return (
    <p role="alert">
      This part of the page could not be fetched. Check the connection, then reload the page.{' '}
      <button type="button" className="text-button" onClick={onClose}>
        Close
      </button>
    </p>
  );
}

function NoRinging(): ReactNode {
  return null;
}
