import { describeProgress, describeState, describeVariant } from '../state/downloads.ts';
import type { DownloadStatus } from '../state/model-store.ts';
import { usePage } from './page-context.tsx';

const beginWords: Partial<Record<DownloadStatus['state'], string>> = {
  absent: 'Download',
  lost: 'Download',
  paused: 'Resume',
  failed: 'Try again',
};

/** One variant of a model: its size, what is here of it, and what can be done. */
export function DownloadLine({ name, status }: { name: string; status: DownloadStatus }) {
  const { store } = usePage();
  const { download, state } = status;
  const what = `${name}, ${describeVariant(download)}`;
  const begin = beginWords[state];
  const words = describeState(status);
  const deletable =
    state === 'stored' || state === 'paused' || (state === 'failed' && status.presentBytes > 0);
  // What goes wrong is shown with the download itself.
  const fetch = () => void store.ensure(download.id).catch(() => undefined);
  return (
    <div className="download" data-state={state}>
      <p className="download-head">
        <span>{describeVariant(download)}</span>
        {state === 'stored' && <span className="download-here">On this device</span>}
      </p>
      <div className="download-actions">
        {begin !== undefined && (
          <button type="button" className="text-button" aria-label={`${begin} ${what}`} onClick={fetch}>
            {begin}
          </button>
        )}
        {state === 'downloading' && (
          <button
            type="button"
            className="text-button"
            aria-label={`Pause ${what}`}
            onClick={() => store.pause(download.id)}
          >
            Pause
          </button>
        )}
        {deletable && (
          <button
            type="button"
            className="text-button"
            aria-label={`Delete ${what}`}
            onClick={() => void store.remove(download.id)}
          >
            Delete
          </button>
        )}
      </div>
      {state === 'downloading' && (
        <div className="download-progress">
          <progress
            className="load-bar"
            aria-label={`Downloading ${what}`}
            value={status.presentBytes}
            max={download.bytes}
          />
          <p className="model-where">{describeProgress(status)}</p>
        </div>
      )}
      {words !== undefined && (
        <p className={state === 'paused' ? 'model-where' : 'model-error'} role="status">
          {words}
        </p>
      )}
    </div>
  );
}
