import { lazy, Suspense } from 'react';
import type { DialogName } from './App.tsx';
import { describeRunning } from '../state/models.ts';
import { useModels, useView } from './page-context.tsx';
import { UpdateNote } from './UpdateNote.tsx';
import './footnote.css';

/** There is nothing to show of it before the first answer. */
const Latency = lazy(() => import('./Latency.tsx').catch(() => ({ default: () => null })));

/** The small print: whether another version waits, how quick the last turn was, and what runs where. */
export function Footnote({ onOpen }: { onOpen: (dialog: DialogName) => void }) {
  const line = describeRunning(useModels());
  const { trace } = useView();
  return (
    <footer className="footnote">
      <UpdateNote />
      {trace && (
        <Suspense>
          <Latency />
        </Suspense>
      )}
      {line && (
        <button type="button" className="footnote-models" onClick={() => onOpen('models')}>
          {line}
        </button>
      )}
    </footer>
  );
}
