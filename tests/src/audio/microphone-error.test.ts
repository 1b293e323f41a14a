import { describe, expect, it } from 'vitest';
import { microphoneError, microphoneLost } from '../../../src/audio/microphone-error.ts';

const thrown = (name: string): DOMException => new DOMException('', name);

describe('microphone errors', () => {
  it.each([
    ['NotAllowedError', 'mic.denied', false],
    ['SecurityError', 'mic.denied', false],
    ['NotFoundError', 'mic.missing', true],
    ['OverconstrainedError', 'mic.missing', true],
    ['NotReadableError', 'mic.lost', true],
    ['AbortError', 'mic.lost', true],
    ['TypeError', 'mic.missing', true],
  ])('%s means %s', (name, code, retryable) => {
    expect(microphoneError(thrown(name), true)).toMatchObject({ code, retryable });
  });

  it('points to https and localhost on a page that came over plain http', () => {
    const { code, message } = microphoneError(new Error('no mediaDevices'), false);
    expect(code).toBe('mic.insecure');
    expect(message).toContain('https://');
    expect(message).toContain('localhost');
  });

  it('survives whatever is thrown', () => {
    expect(microphoneError(undefined, true).code).toBe('mic.missing');
  });

  it('names the device that went away', () => {
    expect(microphoneLost('Headset').message).toContain('Headset');
    expect(microphoneLost('')).toMatchObject({ code: 'mic.lost', retryable: true });
  });
});
