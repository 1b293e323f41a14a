import { describePrivacy, serverStages } from '../state/server.ts';
import type { DialogName } from './App.tsx';
import { InstallIcon, ModelsIcon, SettingsIcon } from './icons.tsx';
import { useApp, usePage, usePlacement } from './page-context.tsx';
import './header.css';

export function Header({ onOpen }: { onOpen: (dialog: DialogName) => void }) {
  const { app } = usePage();
  const { installable } = useApp();
  const placement = usePlacement();
  return (
    <header className="header">
      <h1 className="wordmark">Parley</h1>
      <p className="header-promise" data-server={serverStages(placement).length > 0}>
        {describePrivacy(placement)}
      </p>
      <nav className="header-actions" aria-label="Page">
        {installable && (
          <button type="button" className="quiet-button header-install" onClick={app.install}>
            <InstallIcon />
            <span className="header-word">Install</span>
          </button>
        )}
        <button type="button" className="quiet-button" onClick={() => onOpen('models')}>
          <ModelsIcon />
          <span className="header-word">Models</span>
        </button>
        <button type="button" className="quiet-button" onClick={() => onOpen('settings')}>
          <SettingsIcon />
          <span className="header-word">Settings</span>
        </button>
      </nav>
    </header>
  );
}
