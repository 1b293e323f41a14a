/** Ends well where the server on this machine takes new work: for whoever restarts it when it does not. */
import process from 'node:process';

const TIMEOUT_MS = 5000;
const url = `http://127.0.0.1:${process.env['PORT'] ?? '8787'}/api/v1/ready`;

const ready = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) }).then(
  ({ ok }) => ok,
  () => false,
);
process.exitCode = ready ? 0 : 1;
