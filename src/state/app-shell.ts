import type { Observable } from './conversation.ts';

export interface AppState {
  /** The browser offers to install Parley as an app of its own. */
  installable: boolean;
  /** Another build is ready; a reload brings it. */
  updateReady: boolean;
  /** What another app shared and nobody has looked at yet. */
  sharedText: string;
}

/** The page as an app: installed, updated, started by others. */
export interface AppShell extends Observable<AppState> {
  /** Lets the browser ask whether to install. */
  install(): void;
  /** Ends this page and comes back with the other build. */
  applyUpdate(): void;
  /** Hands the shared text over, once. */
  takeSharedText(): string;
}
