import { exposeHost } from '../boundary/host.ts';
import { createTurnHost } from './turn-host.ts';

exposeHost(createTurnHost());
