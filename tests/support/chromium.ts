import type { LaunchOptions } from '@playwright/test';
import { findChromium } from '../../tools/find-chromium.ts';

export interface Microphone {
  /** WAV that the fake microphone plays once, from the moment the page opens it; without one it beeps. */
  wav?: string;
}

/** Chromium with a fake microphone, WebGPU on the CPU (SwiftShader), and no traffic of its own. */
export function launchOptions(microphone: Microphone = {}): LaunchOptions {
  const executablePath = findChromium();
  return {
    ...(executablePath && { executablePath }),
    args: [
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--autoplay-policy=no-user-gesture-required',
      '--use-fake-ui-for-media-stream',
      '--use-fake-device-for-media-stream',
      '--enable-unsafe-webgpu',
      '--use-webgpu-adapter=swiftshader',
      '--enable-features=Vulkan',
      ...(microphone.wav ? [`--use-file-for-fake-audio-capture=${microphone.wav}%noloop`] : []),
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
    ],
  };
}
