import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chromium } from '@playwright/test';

const KNOWN_PATHS = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

/** Path of an installed Chromium or Chrome, or of the one Playwright downloaded. */
export function findChromium(): string | undefined {
  return [...KNOWN_PATHS, chromium.executablePath()].find((path) => existsSync(path));
}

/**
 * Finds Chromium, or installs it through apt-get where that is possible without asking for a password.
 * @throws Error that says how to install it.
 */
export function ensureChromium(): string {
  const found = findChromium() ?? (installWithApt() ? findChromium() : undefined);
  if (found) return found;
  throw new Error(
    'Chromium was not found and could not be installed. Install it with your system’s packages ' +
      '(on Debian: apt-get install chromium), or with `npx playwright install chromium`, and try again.',
  );
}

function installWithApt(): boolean {
  const asRoot = process.getuid?.() === 0 ? [] : ['sudo', '-n'];
  const install = (...args: string[]) => {
    const [command = '', ...rest] = [...asRoot, 'apt-get', ...args];
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    return spawnSync(command, rest, { stdio: ['ignore', 'inherit', 'inherit'], env }).status === 0;
  };
  process.stdout.write('No Chromium found: installing it with apt-get.\n');
  return install('install', '-y', 'chromium') || (install('update') && install('install', '-y', 'chromium'));
}
