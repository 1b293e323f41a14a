import { useApp, usePage, useRun, useView } from './page-context.tsx';
import { RenewIcon } from './icons.tsx';
import './update-note.css';

/** Another build is ready. It is offered at rest only: a reload would end the conversation and its timers. */
export function UpdateNote() {
  const { app } = usePage();
  const { updateReady } = useApp();
  const { phase, timers } = useView();
  const resting = useRun().state === 'off' && phase === 'idle' && timers.length === 0;
  return (
    <div role="status" className="update-status">
      {updateReady && resting && (
        <p className="update-note">
          <RenewIcon />
          <span>A new version is ready.</span>
          <button type="button" className="text-button" onClick={app.applyUpdate}>
            Reload
          </button>
        </p>
      )}
    </div>
  );
}
