import type { Placement } from '../placement/placement.ts';
import type { Conversation, PlacementView } from '../state/conversation.ts';
import type { ModelLoader } from './model-loader.ts';
import type { PageStages } from './page-stages.ts';

/** What the page shows of the plan. */
export function createPlacementView(
  placement: Placement,
  stages: Pick<PageStages, 'serving'>,
  loader: Pick<ModelLoader, 'subscribe'>,
): Conversation['placement'] {
  let shown: PlacementView | undefined;
  return {
    get() {
      const { plan, tier, server } = placement.get();
      const serving = stages.serving();
      const same = shown?.plan === plan && JSON.stringify(shown.serving) === JSON.stringify(serving);
      if (shown === undefined || !same) shown = { plan, tier, serving, server };
      return shown;
    },
    subscribe(listener) {
      const ends = [placement.subscribe(listener), loader.subscribe(listener)];
      return () => {
        for (const end of ends) end();
      };
    },
    startOver: placement.startOver,
  };
}
