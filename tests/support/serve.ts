/**
 * The real server on the real build, with one more file: the tap on the loudspeaker. A browser fetches the script of a
 * worklet past every hook of a test, and the page's policy allows scripts of its own origin only.
 */
import { createApp } from '../../server/app.ts';
import { readConfig } from '../../server/config.ts';
import { TAP_URL, tapSource } from './voice-kit.ts';

const config = readConfig(process.env);
const app = await createApp({
  pageDir: process.env['PARLEY_TEST_PAGE'] ?? `${process.cwd()}/dist/`,
  modelsDir: `${process.cwd()}/public/models/`,
});
app.get(TAP_URL, (_request, reply) => reply.type('text/javascript').send(tapSource));
await app.listen({ port: config.port, host: config.host });
process.stdout.write('ready\n');
