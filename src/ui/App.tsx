import { lazy, Suspense, useEffect, useState } from 'react';
import { Composer } from './Composer.tsx';
import { Footnote } from './Footnote.tsx';
import { Header } from './Header.tsx';
import { Instrument } from './Instrument.tsx';
import { Invitation } from './Invitation.tsx';
import { LiveRegion } from './LiveRegion.tsx';
import { Notices } from './Notices.tsx';
import { useView } from './page-context.tsx';
import { RingingTimer } from './RingingTimer.tsx';
import { Dialog } from './Dialog.tsx';
import { Transcript } from './Transcript.tsx';
import { useControl } from './use-control.ts';
import { useShortcuts } from './use-shortcuts.ts';
import './theme.css';
import './app.css';

export type DialogName = 'settings' | 'models' | 'microphone-help' | 'plan';

const loadDialogs = () => import('./Dialogs.tsx').catch(() => ({ default: NoDialogs }));
const Dialogs = lazy(loadDialogs);

export function App() {
  const view = useView();
  const control = useControl();
  const [dialog, setDialog] = useState<DialogName>();
  useShortcuts(control);
  useEffect(() => void loadDialogs(), []);
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
      {ringing && <RingingTimer key={ringing.id} timer={ringing} />}
    </div>
  );
}

/** Stands in where the connection was lost before the dialogs had come. */
function NoDialogs({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title="Not loaded" onClose={onClose}>
      <p>This part of the page could not be fetched. Check the connection, then reload the page.</p>
    </Dialog>
  );
}
