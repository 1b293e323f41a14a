import { spawnSync } from 'node:child_process';

/** A port that is free now, asked of the system; synchronous, because Playwright's configuration is. */
export function freePort(): number {
  const script =
    'const s = require("node:net").createServer().listen(0, () => { process.stdout.write(String(s.address().port)); s.close(); })';
  return Number(spawnSync(process.execPath, ['-e', script], { encoding: 'utf8' }).stdout);
}
