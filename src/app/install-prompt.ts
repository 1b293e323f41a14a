/** Chromium's offer to install the page; not in TypeScript's description of the page. */
interface InstallEvent extends Event {
  prompt(): Promise<unknown>;
}

export interface InstallPrompt {
  available(): boolean;
  /** Shows the browser's own question, once for each offer. */
  show(): void;
}

/** Keeps the browser's offer until the person asks for it, in place of the browser's banner. */
export function createInstallPrompt(target: EventTarget, onChange: () => void): InstallPrompt {
  let offer: InstallEvent | undefined;
  const keep = (event: InstallEvent | undefined): void => {
    offer = event;
    onChange();
  };
  target.addEventListener('beforeinstallprompt', (event) => {
    event.preventDefault();
    keep(event as InstallEvent);
  });
  target.addEventListener('appinstalled', () => keep(undefined));
  return {
    available: () => offer !== undefined,
    show() {
      // Refused or not, the same offer cannot be shown twice; the browser makes another when it sees fit.
      void offer?.prompt().catch(() => {});
      keep(undefined);
    },
  };
}
