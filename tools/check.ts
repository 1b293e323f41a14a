/** `npm run check`: types, lint and format, without running anything. */
import { runStatic } from './steps.ts';

const { passed, failed } = await runStatic();
process.stdout.write(`${passed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 ? 0 : 1;
