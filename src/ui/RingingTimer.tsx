import type { ReactNode } from 'react';
import type { ViewTimer } from '../../core/session/view.ts';
import { Dialog } from './Dialog.tsx';
import { TimerIcon } from './icons.tsx';
import { usePage } from './page-context.tsx';

export default function RingingTimer({ timer }: { timer: ViewTimer }): ReactNode {
  const { conversation } = usePage();
  const dismiss = () => conversation.dismissTimer(timer.id);
  return (
    <Dialog title={timer.label ? `Time is up: ${timer.label}` : 'Time is up'} alert onClose={dismiss}>
      <div className="ringing">
        <span className="ringing-bell">
          <TimerIcon />
        </span>
        <button type="button" className="button" autoFocus onClick={dismiss}>
          Dismiss
        </button>
      </div>
    </Dialog>
  );
}
