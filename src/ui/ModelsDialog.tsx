import { formatBytes } from '../state/format.ts';
import {
  describeDevice,
  stageFraction,
  stageLabels,
  summariseModels,
  usesStarterModels,
} from '../state/models.ts';
import { describePrivacy } from '../state/server.ts';
import type { StageStatus } from '../state/conversation.ts';
import { Dialog } from './Dialog.tsx';
import { Downloads } from './Downloads.tsx';
import { useModels, usePlacement } from './page-context.tsx';
import { SourceField } from './SourceField.tsx';
import './models-dialog.css';
import './settings.css';

/** Which models run, on what, and how far each is loaded; then those that this device keeps. */
export function ModelsDialog({ onClose, onPlan }: { onClose: () => void; onPlan: () => void }) {
  const models = useModels();
  const placement = usePlacement();
  const { loadedBytes, totalBytes } = summariseModels(models);
  return (
    <Dialog title="Models" onClose={onClose}>
      <p>
        {usesStarterModels(models)
          ? 'These are the starter models that come with Parley. They are small and know everyday phrases only: anything else they will mishear or answer wrongly.'
          : 'These models carry out the conversation.'}{' '}
        {describePrivacy(placement)}.
      </p>
      <div className="field-actions">
        <button type="button" className="text-button" onClick={onPlan}>
          What runs where, and why
        </button>
      </div>
      <ul className="models">
        {models.stages.map((stage) => (
          <StageRow key={stage.stage} stage={stage} />
        ))}
      </ul>
      <p className="models-total">
        In total {formatBytes(totalBytes)}
        {!models.ready && `, ${formatBytes(loadedBytes)} loaded`}
      </p>
      <Downloads />
      <SourceField />
    </Dialog>
  );
}

const stateWords: Record<StageStatus['state'], string> = {
  waiting: 'Not loaded',
  loading: 'Loading',
  ready: 'Ready',
  failed: 'Failed',
};

function StageRow({ stage }: { stage: StageStatus }) {
  const { info } = stage;
  return (
    <li className="model">
      <p className="model-stage">{stageLabels[stage.stage]}</p>
      <div>
        <p className="model-name">{info?.model ?? 'Not chosen yet'}</p>
        {info && (
          <p className="model-where">
            {info.runtime} on {describeDevice(info.device)}
          </p>
        )}
        {stage.state === 'loading' && (
          <>
            <progress
              className="load-bar"
              aria-label={`Loading ${info?.model ?? stageLabels[stage.stage]}`}
              value={stageFraction(stage)}
              max={1}
            />
            {stage.file && <p className="model-where">{stage.file}</p>}
          </>
        )}
        {stage.error && <p className="model-error">{stage.error}</p>}
      </div>
      <p className="model-state" data-state={stage.state}>
        {stateWords[stage.state]}
        {stage.totalBytes > 0 && (
          <span>
            {stage.state === 'loading' && `${formatBytes(stage.loadedBytes)} of `}
            {formatBytes(stage.totalBytes)}
          </span>
        )}
      </p>
    </li>
  );
}
