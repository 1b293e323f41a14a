import { createTurnHost } from '../../../workers/turn-host.ts';
import { endProcess, exposeToParent } from '../expose-to-parent.ts';

exposeToParent(createTurnHost(endProcess));
