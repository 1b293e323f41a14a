import { Dialog } from './Dialog.tsx';
import { usePage } from './page-context.tsx';

/** The way back after the microphone was refused. */
export function MicrophoneHelp({ onClose }: { onClose: () => void }) {
  const { conversation } = usePage();
  const retry = () => {
    onClose();
    conversation.retry();
  };
  return (
    <Dialog title="How to allow the microphone" onClose={onClose}>
      <ol className="steps">
        <li>Press the sign at the left end of the browser’s address bar.</li>
        <li>
          Find <strong>Microphone</strong> and choose <strong>Allow</strong>. In Safari it is under{' '}
          <strong>Settings for this website</strong>.
        </li>
        <li>
          If it is not listed, allow the microphone for this browser in the privacy settings of your system.
        </li>
        <li>Come back here and try again.</li>
      </ol>
      <p>What you say is worked on in this page and goes nowhere else. You can also just type.</p>
      <div className="dialog-actions">
        <button type="button" className="button" onClick={retry}>
          Try again
        </button>
      </div>
    </Dialog>
  );
}
