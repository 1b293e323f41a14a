import { commitWhenSettled } from './commit.ts';
import { settleHeld } from './interruption.ts';
import { waitForProgress } from './reply-steps.ts';
import type { TurnState } from './state.ts';
import { andThen, step, withPhase } from './step.ts';
import type { Step } from './step.ts';

/** The silence was long enough: answer, or wait for the words that are still missing. */
export function takeTurn(state: TurnState, atMs: number): Step {
  const { phase } = state;
  if (phase.name !== 'deciding' || phase.due) return step(state);
  const due = withPhase({ ...state, trace: { ...state.trace, endpointMs: atMs } }, { ...phase, due: true });
  return andThen(
    step(
      due,
      { type: 'cancelWait', wait: 'endpoint' },
      { type: 'closeUtterance', utterance: phase.utterance.id },
      waitForProgress,
    ),
    phase.held ? settleHeld : commitWhenSettled,
  );
}
