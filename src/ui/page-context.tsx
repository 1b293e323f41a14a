import { createContext, useContext, useSyncExternalStore, type ReactNode } from 'react';
import type { ConversationView } from '../../core/session/view.ts';
import type { Settings } from '../../core/settings/settings.ts';
import type { AppShell, AppState } from '../state/app-shell.ts';
import type {
  Conversation,
  EchoState,
  GrantedProcessing,
  MicrophoneOption,
  ModelsStatus,
  PlacementView,
  RunStatus,
} from '../state/conversation.ts';
import type { ModelStore, ModelStoreView } from '../state/model-store.ts';
import type { SettingsStore } from '../state/settings-store.ts';

/** What the page is given; everything below it asks here and nowhere else. */
export interface PageServices {
  conversation: Conversation;
  settings: SettingsStore;
  store: ModelStore;
  app: AppShell;
}

const PageContext = createContext<PageServices | undefined>(undefined);

export function PageProvider({ services, children }: { services: PageServices; children: ReactNode }) {
  return <PageContext value={services}>{children}</PageContext>;
}

export function usePage(): PageServices {
  const services = useContext(PageContext);
  if (services === undefined) throw new Error('The page is rendered outside its PageProvider.');
  return services;
}

export function useView(): ConversationView {
  const { conversation } = usePage();
  return useSyncExternalStore(conversation.subscribe, conversation.view);
}

export function useModels(): ModelsStatus {
  const { conversation } = usePage();
  return useSyncExternalStore(conversation.subscribe, conversation.models);
}

export function useRun(): RunStatus {
  const { conversation } = usePage();
  return useSyncExternalStore(conversation.subscribe, conversation.run);
}

export function usePlacement(): PlacementView {
  const { placement } = usePage().conversation;
  return useSyncExternalStore(placement.subscribe, placement.get);
}

export function useSettings(): Settings {
  const { settings } = usePage();
  return useSyncExternalStore(settings.subscribe, settings.get);
}

export function useModelStore(): ModelStoreView {
  const { store } = usePage();
  return useSyncExternalStore(store.subscribe, store.get);
}

export function useApp(): AppState {
  const { app } = usePage();
  return useSyncExternalStore(app.subscribe, app.get);
}

export function useMicrophones(): readonly MicrophoneOption[] {
  const { microphones } = usePage().conversation;
  return useSyncExternalStore(microphones.subscribe, microphones.get);
}

/** What the browser does to the sound of the microphone that was opened last. */
export function useGranted(): GrantedProcessing | undefined {
  const { microphones } = usePage().conversation;
  return useSyncExternalStore(microphones.subscribe, microphones.granted);
}

/** What is known of the echo of the microphone that was opened last. */
export function useEcho(): EchoState | undefined {
  const { microphones } = usePage().conversation;
  return useSyncExternalStore(microphones.subscribe, microphones.echo);
}
