import type { PlacedStage } from '../../core/placement/plan.ts';
import { stageLabels } from '../state/models.ts';
import {
  choiceOf,
  choiceOptions,
  choosableStages,
  describeCandidate,
  groupByReason,
  valueOf,
} from '../state/plan.ts';
import type { ChoosableStage } from '../state/plan.ts';
import { servingOf } from '../state/serving.ts';
import { choicesFor } from '../state/server-words.ts';
import { Dialog } from './Dialog.tsx';
import { RadioField, SelectField } from './Fields.tsx';
import { usePage, usePlacement, useSettings } from './page-context.tsx';
import { ServerField } from './ServerField.tsx';
import './settings.css';
import './plan.css';

/** Where each stage runs, why, and what else there would be. */
export function PlanDialog({ onClose }: { onClose: () => void }) {
  const { conversation, settings } = usePage();
  const { tier } = usePlacement();
  const { where, choices } = useSettings();
  return (
    <Dialog title="What runs where" onClose={onClose}>
      {tier !== 'full' && (
        <p className="plan-tier">
          Parley was stopped while it started, so it holds back:{' '}
          {tier === 'no-gpu' ? 'it leaves the graphics chip alone.' : 'it uses its smallest models.'}
        </p>
      )}
      <RadioField
        label="What matters most"
        value={where}
        options={[
          {
            value: 'this-device',
            label: 'Good answers',
            note: 'The best models that run on this device: nothing you say leaves it.',
          },
          {
            value: 'fastest',
            label: 'Quick answers',
            note: 'Whatever answers soonest. The server of this page, where it has models, may then hear you.',
          },
          { value: 'smallest', label: 'Little memory', note: 'The smallest models that are here.' },
        ]}
        onChange={(chosen) => settings.set({ where: chosen, choices: choicesFor(chosen, choices) })}
      />
      <ServerField />
      <ul className="plan">
        {(['stt', 'llm', 'tts', 'vad', 'turn'] as const).map((stage) => (
          <StagePlanned key={stage} stage={stage} />
        ))}
      </ul>
      <div className="field-actions">
        <button type="button" className="text-button" onClick={() => conversation.placement.startOver()}>
          Forget failures and measurements, and try again
        </button>
      </div>
    </Dialog>
  );
}

function StagePlanned({ stage }: { stage: PlacedStage }) {
  const view = usePlacement();
  const passed = groupByReason(view.plan[stage]);
  const serving = servingOf(view, stage);
  const choosable = choosableStages.find((each) => each === stage);
  return (
    <li className="plan-stage" data-stage={stage}>
      <h3>{stageLabels[stage]}</h3>
      {serving && (
        <>
          <p className="plan-name">{describeCandidate(serving.candidate)}</p>
          <p>
            {serving.instead
              ? `${describeCandidate(serving.instead)} failed, and this took over.`
              : serving.candidate.reason}
          </p>
        </>
      )}
      {choosable && <ChoiceField stage={choosable} />}
      {passed.length > 0 && (
        <details className="plan-others">
          <summary>Why not another</summary>
          <ul>
            {passed.map(({ reason, names }) => (
              <li key={reason}>
                <span className="plan-name">{reason}</span> {names.join(' · ')}
              </li>
            ))}
          </ul>
        </details>
      )}
    </li>
  );
}

function ChoiceField({ stage }: { stage: ChoosableStage }) {
  const { settings } = usePage();
  const { choices } = useSettings();
  const { plan } = usePlacement();
  const chosen = choices[stage];
  return (
    <SelectField
      label="Use"
      value={chosen === undefined ? '' : valueOf(chosen)}
      options={choiceOptions(plan[stage], chosen)}
      onChange={(value) => settings.set({ choices: { ...choices, [stage]: choiceOf(value) } })}
    />
  );
}
