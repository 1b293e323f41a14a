import type { DialogName } from './App.tsx';
import { MicrophoneHelp } from './MicrophoneHelp.tsx';
import { ModelsDialog } from './ModelsDialog.tsx';
import { PlanDialog } from './PlanDialog.tsx';
import { SettingsDialog } from './SettingsDialog.tsx';

interface DialogsProps {
  name: DialogName;
  onOpen: (name: DialogName) => void;
  onClose: () => void;
}

/** The dialogs that nobody needs before the page stands: they are loaded after it. */
export default function Dialogs({ name, onOpen, onClose }: DialogsProps) {
  const onPlan = () => onOpen('plan');
  switch (name) {
    case 'settings':
      return <SettingsDialog onClose={onClose} onPlan={onPlan} />;
    case 'models':
      return <ModelsDialog onClose={onClose} onPlan={onPlan} />;
    case 'plan':
      return <PlanDialog onClose={onClose} />;
    case 'microphone-help':
      return <MicrophoneHelp onClose={onClose} />;
  }
}
