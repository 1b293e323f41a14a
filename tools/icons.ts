/**
 * `npm run icons`: draws the app's icons from public/favicon.svg into public/icons, with Chromium. Run it after the
 * sign was changed; the icons lie in the repository, so that a build needs no browser.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { chromium } from '@playwright/test';
import { ensureChromium } from './find-chromium.ts';

interface Icon {
  file: string;
  sizePx: number;
  /** `round` as the sign is; `full` fills the square, for systems that cut a shape of their own; `mono` is its shape. */
  shape: 'round' | 'full' | 'mono';
}

const icons: readonly Icon[] = [
  { file: 'icon-192.png', sizePx: 192, shape: 'round' },
  { file: 'icon-512.png', sizePx: 512, shape: 'round' },
  { file: 'maskable-512.png', sizePx: 512, shape: 'full' },
  { file: 'monochrome-512.png', sizePx: 512, shape: 'mono' },
  { file: 'apple-touch-icon.png', sizePx: 180, shape: 'full' },
];

/** The bars reach 9.3 of 16 from the middle, so they lie in the 0.8 of the width that a mask leaves. */
function reshape(sign: string, shape: Icon['shape']): string {
  const disc = /<circle [^>]*fill="([^"]*)" \/>/;
  if (shape === 'full') return sign.replace(disc, '<rect width="32" height="32" fill="$1" />');
  if (shape === 'mono') return sign.replace(disc, '').replace(/stroke="[^"]*"/, 'stroke="#fff"');
  return sign;
}

const sign = await readFile('public/favicon.svg', 'utf8');
await mkdir('public/icons', { recursive: true });
const browser = await chromium.launch({
  executablePath: ensureChromium(),
  args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
});
const page = await browser.newPage();
for (const { file, sizePx, shape } of icons) {
  await page.setViewportSize({ width: sizePx, height: sizePx });
  await page.setContent(`<style>body { margin: 0 } svg { display: block }</style>${reshape(sign, shape)}`);
  await writeFile(`public/icons/${file}`, await page.screenshot({ omitBackground: true }));
}
await browser.close();
