/** `npm test`: everything, in the order of how soon it can fail; the last line sums it up. */
import { ensureChromium } from './find-chromium.ts';
import { add, type Counts, playwrightStep, runStatic, runStep, vitestStep } from './steps.ts';

let total = add(await runStatic(), await runStep(vitestStep()));

const build = await runStep({
  name: 'build within its budget',
  command: ['vite', 'build', '--logLevel', 'warn'],
});
total = add(total, build);
if (build.failed === 0) total = add(total, await runBrowserTests());

process.stdout.write(`${total.passed} passed, ${total.failed} failed\n`);
process.exitCode = total.failed === 0 ? 0 : 1;

async function runBrowserTests(): Promise<Counts> {
  try {
    ensureChromium();
  } catch (error) {
    process.stdout.write(`FAILED browser tests\n${error instanceof Error ? error.message : String(error)}\n`);
    return { passed: 0, failed: 1 };
  }
  return runStep(playwrightStep());
}
