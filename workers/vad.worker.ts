import { exposeHost } from '../boundary/host.ts';
import { createVadHost } from './vad-host.ts';

/** The clock of the page's session, which counts from the epoch so that threads agree. */
const nowMs = (): number => performance.timeOrigin + performance.now();

exposeHost(createVadHost(nowMs));
