import { exposeHost } from '../boundary/host.ts';
import { createModelsHost } from './models/models-host.ts';

exposeHost(createModelsHost());
