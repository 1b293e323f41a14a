import type { DialogName } from './App.tsx';
import { describeRunning } from '../state/models.ts';
import { Latency } from './Latency.tsx';
import { useModels } from './page-context.tsx';
import { UpdateNote } from './UpdateNote.tsx';
import './footnote.css';

/** The small print: whether another version waits, how quick the last turn was, and what runs where. */
export function Footnote({ onOpen }: { onOpen: (dialog: DialogName) => void }) {
  const line = describeRunning(useModels());
  return (
    <footer className="footnote">
      <UpdateNote />
      <Latency />
      {line && (
        <button type="button" className="footnote-models" onClick={() => onOpen('models')}>
          {line}
        </button>
      )}
    </footer>
  );
}
