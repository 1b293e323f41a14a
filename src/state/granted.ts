import type { GrantedProcessing } from './conversation.ts';

/** What the browser does to the microphone's sound: "Echo cancellation on, noise suppression off". */
export function describeGranted(granted: GrantedProcessing): string {
  const { echoCancellation, noiseSuppression, autoGainControl } = granted;
  const words = [
    `echo cancellation ${echoCancellation === 'all' ? 'of everything this device plays' : onOff(echoCancellation)}`,
    `noise suppression ${onOff(noiseSuppression)}`,
    `automatic gain ${onOff(autoGainControl)}`,
  ];
  const line = `The browser grants: ${words.join(', ')}.`;
  return echoCancellation === false ? `${line} Use headphones, or it may hear itself.` : line;
}

function onOff(value: boolean | string | undefined): string {
  if (value === undefined) return 'unknown';
  return value === false ? 'off' : 'on';
}
