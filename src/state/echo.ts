import type { EchoState } from './conversation.ts';

/** What is done about the echo, in plain words for the microphone's settings. */
export function describeEcho(echo: EchoState | undefined): string {
  switch (echo?.verdict) {
    case 'measuring':
      return 'Echo: listening to the test sound…';
    case 'system':
      return 'Echo: none is heard. Headphones, or the browser cancels it.';
    case 'loopback':
      return `Echo: ${Math.round(-echo.returnDb)} dB below what is played, taken out by Parley.`;
    case 'duck':
      return 'Echo: loud and distorted. Parley speaks more softly while it listens; headphones help.';
    case 'inconclusive':
      return 'Echo: not measured, it was too loud around. Parley takes out what it learns while it speaks.';
    case undefined:
      return 'Echo: not measured yet.';
  }
}
