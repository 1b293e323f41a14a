import { spawnSync } from 'node:child_process';

/** A port that is free now, asked of the system; synchronous, because Playwright's configuration is. */
export function freePort(): number {
  const script =
    'const s = require("node:net").createServer().listen(0, () => { process.stdout.write(String(s.address().port)); s.close(); })';
  return Number(spawnSync(process.execPath, ['-e', script], { encoding: 'utf8' }).stdout);
}

/**
 * A free port below those that the system gives to connections that go out: it stays free until a program that starts
 * later listens there.
 */
export function quietPort(): number {
  const script = `
    const net = require('node:net');
    const attempt = () => {
      const port = 20000 + Math.floor(Math.random() * 10000);
      const server = net.createServer().once('error', attempt);
      server.listen(port, '127.0.0.1', () => { process.stdout.write(String(port)); server.close(); });
    };
    attempt();`;
  return Number(spawnSync(process.execPath, ['-e', script], { encoding: 'utf8' }).stdout);
}
