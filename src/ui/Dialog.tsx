import { useId, useLayoutEffect, useRef, type MouseEvent, type ReactNode } from 'react';
import { CloseIcon } from './icons.tsx';
import './dialog.css';

interface DialogProps {
  title: string;
  /** Wants an answer at once: no close button but the one among its children. */
  alert?: boolean;
  onClose: () => void;
  children: ReactNode;
}

/** A modal dialog, open as long as it is rendered. Esc and a press beside it close it; focus goes back where it was. */
export function Dialog({ title, alert = false, onClose, children }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  useLayoutEffect(() => {
    const element = dialog.current;
    element?.showModal();
    return () => element?.close();
  }, []);
  // `close` arrives late: by then the dialog may be gone, or open again.
  const closed = () => {
    if (dialog.current?.open === false) onClose();
  };
  const closeFromBackdrop = (event: MouseEvent) => {
    if (event.target === dialog.current && !alert) dialog.current.close();
  };
  return (
    <dialog
      ref={dialog}
      className="dialog"
      role={alert ? 'alertdialog' : undefined}
      aria-labelledby={titleId}
      onClose={closed}
      onClick={closeFromBackdrop}
    >
      <div className="dialog-body">
        <div className="dialog-head">
          <h2 id={titleId}>{title}</h2>
          {!alert && (
            <button
              type="button"
              className="icon-button"
              aria-label="Close"
              onClick={() => dialog.current?.close()}
            >
              <CloseIcon />
            </button>
          )}
        </div>
        {children}
      </div>
    </dialog>
  );
}
