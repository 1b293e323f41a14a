/// <reference types="vite/client" />
import type { AppState } from '../../../src/state/app-shell.ts';
import { createSettingsStore } from '../../../src/state/settings-store.ts';
import { mountPage } from '../../../src/ui/mount.tsx';
import { beginning, scenarios, type Scenario } from './scenarios.ts';
import { createScriptedStore } from './scripted-store.ts';
import { createScriptedConversation, type ScriptedConversation } from './scripted-conversation.ts';

declare global {
  interface Window {
    scripted: ScriptedConversation;
  }
}

/** The page with a scripted conversation: the address's hash names the scenario, such as `#hearing`. */
const all: Record<string, Scenario> = scenarios;
const scenario = all[location.hash.slice(1)] ?? {};
const conversation = createScriptedConversation(beginning);
const settings = createSettingsStore(() => sessionStorage);
if (scenario.settings) settings.set(scenario.settings);
conversation.show(scenario);
window.scripted = conversation;

const root = document.getElementById('root');
if (root === null) throw new Error('The page has no #root.');
const store = createScriptedStore((...call) => conversation.calls.push(call), scenario.downloads);
const appState: AppState = { installable: false, updateReady: false, sharedText: '', ...scenario.app };
mountPage(root, {
  conversation,
  settings,
  store,
  app: {
    get: () => appState,
    subscribe: () => () => undefined,
    install: () => conversation.calls.push(['install']),
    applyUpdate: () => conversation.calls.push(['applyUpdate']),
    takeSharedText: () => '',
  },
});

if (scenario.speaks) {
  let step = 0;
  setInterval(() => {
    step += 1;
    conversation.setLevel(0.04 + 0.12 * Math.abs(Math.sin(step * 0.7) * Math.sin(step * 0.23)));
  }, 50);
}
