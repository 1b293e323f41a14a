/** A process that behaves as it is told, well or badly. */
import type { Configurable } from '../../boundary/worker-bridge.ts';
import { exposeToParent } from '../../server/engines/expose-to-parent.ts';

export interface StubbornHost extends Configurable<'fine' | 'dies' | 'hangs'> {
  work(): string;
}

const api: StubbornHost = {
  configure(manner) {
    if (manner === 'dies') process.exit(3);
    if (manner === 'hangs') for (;;);
  },
  work: () => 'done',
};

exposeToParent(api);
