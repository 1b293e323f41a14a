import { capabilities } from '../../core/protocol/capabilities.ts';
import type { Capabilities } from '../../core/protocol/capabilities.ts';
import type { ServerWelcome } from '../../core/protocol/server-header.ts';
import type { ServerOffer } from '../../core/placement/plan.ts';
import { createServerStages } from './server-threads.ts';
import type { ServerLink, ServerView } from '../state/server.ts';
import type { SettingsStore } from '../state/settings-store.ts';

const CAPABILITIES_URL = '/api/v1/capabilities';
/** A server at hand answers such a question at once; the start of a conversation may wait for it. */
const LOOK_MS = 3_000;
/** A server that was lost is looked for after this long, and then after twice as long each time it is lost again. */
const FIRST_WAIT_MS = 5_000;
const LONGEST_WAIT_MS = 300_000;
/** A server that held for so long counts as well again. */
const WELL_AFTER_MS = 300_000;

export interface ServerLinkDeps {
  welcome: ServerWelcome;
  settings: SettingsStore;
  /** The page's own. */
  fetch: typeof fetch;
  nowMs(): number;
  /** Calls back after `ms`. @returns takes it back */
  after(ms: number, work: () => void): () => void;
  /** What a person calls the model; the id itself where nobody knows. */
  nameOf(id: string): string;
}

type Answer = Capabilities | 'denied' | 'unreachable';

/** Asks the server that the page came from what it can do. Nothing of what a person says goes with that. */
export function createServerLink(deps: ServerLinkDeps): ServerLink {
  const { welcome, settings, nowMs } = deps;
  const listeners = new Set<() => void>();
  let view: ServerView = { state: 'looking', offers: [] };
  let { serverKey } = settings.get();
  let looks = 0;
  let losses = 0;
  let lostMs = Number.NEGATIVE_INFINITY;
  let cancel = (): void => {};

  function show(next: ServerView): void {
    view = next;
    for (const listener of listeners) listener();
  }

  async function ask(): Promise<Answer> {
    try {
      const response = await deps.fetch(CAPABILITIES_URL, {
        cache: 'no-store',
        signal: AbortSignal.timeout(LOOK_MS),
        ...(serverKey !== '' && { headers: { authorization: `Bearer ${serverKey}` } }),
      });
      if (response.status === 401 || response.status === 403) return 'denied';
      return response.ok ? capabilities.parse(await response.json()) : 'unreachable';
    } catch {
      return 'unreachable';
    }
  }

  /** Twice: the first may have had to open the connection. */
  async function measure(): Promise<{ answer: Answer; roundTripMs: number }> {
    const startMs = nowMs();
    const first = await ask();
    const firstMs = nowMs();
    if (typeof first === 'string') return { answer: first, roundTripMs: 0 };
    const answer = await ask();
    return { answer, roundTripMs: Math.min(firstMs - startMs, nowMs() - firstMs) };
  }

  async function look(): Promise<void> {
    cancel();
    looks += 1;
    const own = looks;
    if (welcome === 'key' && serverKey === '') {
      show({ state: 'wants-key', offers: [] });
      return;
    }
    const { answer, roundTripMs } = await measure();
    if (own !== looks) return;
    if (answer === 'denied') show({ state: 'denied', offers: [] });
    else if (answer === 'unreachable') gone();
    else show({ state: 'found', roundTripMs, offers: offersOf(answer, roundTripMs, deps.nameOf) });
  }

  function gone(): void {
    if (nowMs() - lostMs > WELL_AFTER_MS) losses = 0;
    lostMs = nowMs();
    const waitMs = Math.min(FIRST_WAIT_MS * 2 ** losses, LONGEST_WAIT_MS);
    losses += 1;
    cancel = deps.after(waitMs, () => void look());
    show({ state: 'unreachable', offers: [] });
  }

  settings.subscribe(() => {
    const { serverKey: now } = settings.get();
    if (now === serverKey) return;
    serverKey = now;
    void look();
  });

  return {
    get: () => view,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    known: look(),
    stages: createServerStages(() => serverKey),
    failed(code) {
      // What one stage found out, the others need not find out again.
      if (view.state !== 'found') return;
      looks += 1;
      if (code === 'server.denied') show({ state: 'denied', offers: [] });
      else gone();
    },
    lookAgain() {
      losses = 0;
      void look();
    },
  };
}

/** Until the server knows how quick it is, only the way there and back counts; it is measured once it is used. */
function offersOf(
  { stages }: Capabilities,
  roundTripMs: number,
  nameOf: (id: string) => string,
): ServerOffer[] {
  return (['stt', 'llm', 'tts'] as const).flatMap((stage) => {
    const offered = stages[stage];
    if (offered === undefined) return [];
    const { model: id, delayMs } = offered;
    return [{ stage, id, name: nameOf(id), delayMs: roundTripMs + (delayMs ?? 0) }];
  });
}
