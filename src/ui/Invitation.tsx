import { usesStarterModels } from '../state/models.ts';
import { useModels, usePage } from './page-context.tsx';
import './invitation.css';

const examples = ['What time is it?', 'Set a timer for five minutes', 'What is twelve times seven?'];

/** The empty page: what to say first. */
export function Invitation() {
  const { conversation } = usePage();
  const starter = usesStarterModels(useModels());
  return (
    <div className="invitation">
      <h2 className="invitation-title">Say something like</h2>
      <ul className="examples">
        {examples.map((example) => (
          <li key={example}>
            <button type="button" className="example" onClick={() => conversation.submitText(example)}>
              {example}
            </button>
          </li>
        ))}
      </ul>
      {starter && (
        <p className="invitation-note">
          These are the small starter models. They know everyday phrases only: the time and date, sums,
          timers, lights, music, the weather and small talk.
        </p>
      )}
    </div>
  );
}
