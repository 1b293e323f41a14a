import { defineConfig } from '@playwright/test';
import { freePort } from './tests/support/free-port.ts';
import { launchOptions } from './tests/support/chromium.ts';

// Workers load this file again and must find the port that the runner chose.
process.env['PARLEY_TEST_PORT'] ??= String(freePort());
const port = process.env['PARLEY_TEST_PORT'];

export default defineConfig({
  testDir: 'tests/e2e',
  testMatch: '**/*.spec.ts',
  outputDir: 'test-results',
  // Models and audio in real time: one conversation at a time, and a machine without a GPU needs its minutes.
  workers: 1,
  timeout: 180_000,
  expect: { timeout: 30_000 },
  forbidOnly: process.env['CI'] === 'true',
  reporter: [
    ['line'],
    ['json', { outputFile: process.env['PARLEY_PLAYWRIGHT_REPORT'] ?? 'test-results/report.json' }],
  ],
  use: {
    baseURL: `http://localhost:${port}`,
    launchOptions: launchOptions(),
    // What a service worker answers, no test can tamper with; those that are about it allow it.
    serviceWorkers: 'block',
  },
  projects: [{ name: 'chromium' }],
  webServer: {
    command: 'node tests/support/serve.ts',
    env: { PORT: port, HOST: 'localhost' },
    url: `http://localhost:${port}/`,
    reuseExistingServer: false,
    timeout: 30_000,
  },
});
