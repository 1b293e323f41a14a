/** Ends well where the server on this machine takes new work: for whoever restarts it when it does not. */
const port = process.env['PORT'] ?? '8787';
const TIMEOUT_MS = 5000;

const ready = await fetch(`http://127.0.0.1:${port}/api/v1/ready`, {
  signal: AbortSignal.timeout(TIMEOUT_MS),
}).then(
  ({ ok }) => ok,
  () => false,
);
process.exitCode = ready ? 0 : 1;
