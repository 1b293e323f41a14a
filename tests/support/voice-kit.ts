/**
 * Runs in the page, before its own scripts: a microphone that says what the test wants when it wants, and a tap on the
 * loudspeaker that keeps every sample. Times are epoch milliseconds, as the page's own.
 */
export interface VoiceKit {
  /** Says the samples into the microphone; resolves when they are over. Several may sound at once. */
  say(base64: string, rateHz: number): Promise<{ startMs: number; endMs: number }>;
  /** From now on the microphone hears what the page plays: so much softer, and so much later. */
  setEcho(gainDb: number, delayMs: number): void;
  /** What has been played since `fromMs`, 16-bit at `rateHz`; silence where nothing played. */
  recording(fromMs: number): { base64: string; rateHz: number; startMs: number };
  /** The device is unplugged: its track ends, and the list of devices changes and has no microphone any more. */
  unplug(): void;
  /** It is back on the list. */
  plugIn(): void;
  traces: unknown[];
  longTasks: number[];
}

declare global {
  interface Window {
    voiceKit: VoiceKit;
  }
}

export const TAP_URL = '/voice-kit-tap.js';

export const tapSource = `
registerProcessor('voice-kit-tap', class extends AudioWorkletProcessor {
  process([input]) {
    const samples = input[0];
    if (samples) this.port.postMessage({ frame: currentFrame, atMs: Date.now(), samples: samples.slice() });
    return true;
  }
});`;

export function installVoiceKit({
  tapUrl,
  microphone: ownMicrophone,
}: {
  tapUrl: string;
  microphone: boolean;
}): void {
  const nowMs = (): number => performance.timeOrigin + performance.now();
  const chunks: { frame: number; samples: Float32Array }[] = [];
  const tracks = new Set<MediaStreamTrack>();
  const taps = new WeakMap<BaseAudioContext, Promise<AudioWorkletNode>>();
  let microphone: Microphone | undefined;
  let played: RenderClock | undefined;

  interface Microphone {
    context: AudioContext;
    output: MediaStreamAudioDestinationNode;
    clock: Promise<RenderClock>;
    echo: { delay: DelayNode; gain: GainNode };
  }

  function openMicrophone(): Microphone {
    if (microphone) return microphone;
    const context = new AudioContext({ sampleRate: 48_000 });
    const output = context.createMediaStreamDestination();
    // A silent source keeps the stream flowing between utterances, as a real microphone does.
    const silence = new ConstantSourceNode(context, { offset: 0 });
    silence.connect(output);
    silence.start();
    const clock = tapOf(context, () => {}).then((tap) => {
      silence.connect(tap.node);
      return tap.clock;
    });
    const delay = new DelayNode(context, { maxDelayTime: 1 });
    const gain = new GainNode(context, { gain: 0 });
    delay.connect(gain).connect(output);
    microphone = { context, output, clock, echo: { delay, gain } };
    return microphone;
  }

  /** The way from the loudspeaker back to the microphone: another sound system, so a stream lies between them. */
  function listenTo(node: AudioNode): void {
    const { context, echo } = openMicrophone();
    const played = new MediaStreamAudioDestinationNode(node.context as AudioContext, { channelCount: 1 });
    connect.call(node, played);
    new MediaStreamAudioSourceNode(context, { mediaStream: played.stream }).connect(echo.delay);
  }

  async function getUserMedia(): Promise<MediaStream> {
    const { context, output } = openMicrophone();
    await context.resume();
    const stream = output.stream.clone();
    for (const track of stream.getTracks()) tracks.add(track);
    return stream;
  }
  let unplugged = false;
  if (ownMicrophone) {
    const { mediaDevices } = navigator;
    const enumerate = mediaDevices.enumerateDevices.bind(mediaDevices);
    mediaDevices.getUserMedia = () =>
      unplugged
        ? Promise.reject(new DOMException('Requested device not found', 'NotFoundError'))
        : getUserMedia();
    mediaDevices.enumerateDevices = async () =>
      (await enumerate()).filter(({ kind }) => !unplugged || kind !== 'audioinput');
  }

  /** When samples of a context are rendered: `offsetMs` plus their time in the context. */
  interface RenderClock {
    rateHz: number;
    offsetMs(): number;
  }

  /**
   * Sound is rendered in bursts of several quanta, all at once, to be played over the time that the burst lasts: the
   * first quantum of a burst is rendered on time. So the latest of many offsets is the true one; a few are late.
   */
  function createRenderClock(rateHz: number): RenderClock & { read(frame: number, atMs: number): void } {
    let offsets: number[] = [];
    return {
      rateHz,
      read(frame, atMs) {
        offsets.push(atMs - (frame / rateHz) * 1000);
        if (offsets.length > 800) offsets = offsets.slice(400);
      },
      offsetMs() {
        const sorted = offsets.toSorted((one, other) => one - other);
        return sorted[Math.floor(0.95 * sorted.length)] ?? nowMs();
      },
    };
  }

  interface Chunk {
    frame: number;
    atMs: number;
    samples: Float32Array;
  }

  async function tapOf(
    context: BaseAudioContext,
    onChunk: (chunk: Chunk) => void,
  ): Promise<{ node: AudioWorkletNode; clock: RenderClock }> {
    await context.audioWorklet.addModule(tapUrl);
    const node = new AudioWorkletNode(context, 'voice-kit-tap', { numberOfOutputs: 0 });
    const clock = createRenderClock(context.sampleRate);
    node.port.onmessage = ({ data }: MessageEvent<Chunk>) => {
      clock.read(data.frame, data.atMs);
      onChunk(data);
    };
    return { node, clock };
  }

  async function tapLoudspeaker(context: BaseAudioContext): Promise<AudioWorkletNode> {
    const { node, clock } = await tapOf(context, (chunk) => chunks.push(chunk));
    played = clock;
    return node;
  }

  const connect = AudioNode.prototype.connect as (this: AudioNode, ...args: unknown[]) => AudioNode;
  AudioNode.prototype.connect = function (this: AudioNode, ...args: unknown[]) {
    const { context } = this;
    if (args[0] instanceof AudioDestinationNode && context !== microphone?.context) {
      const tap = taps.get(context) ?? tapLoudspeaker(context);
      taps.set(context, tap);
      void tap.then((node) => connect.call(this, node));
      if (ownMicrophone) listenTo(this);
    }
    return connect.apply(this, args);
  };

  function decode(base64: string): Float32Array<ArrayBuffer> {
    const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
    return Float32Array.from(new Int16Array(bytes.buffer), (sample) => sample / 32_768);
  }

  function encode(samples: Float32Array): string {
    const bytes = new Uint8Array(
      Int16Array.from(samples, (sample) => Math.max(-1, Math.min(1, sample)) * 32_767).buffer,
    );
    let text = '';
    for (let at = 0; at < bytes.length; at += 0x8000)
      text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
    return btoa(text);
  }

  const traces: unknown[] = [];
  const longTasks: number[] = [];
  new PerformanceObserver((list) => {
    for (const entry of list.getEntriesByName('parley:turn'))
      traces.push((entry as PerformanceMeasure).detail);
  }).observe({ type: 'measure' });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) longTasks.push(entry.duration);
  }).observe({ type: 'longtask' });

  window.voiceKit = {
    traces,
    longTasks,
    async say(base64, rateHz) {
      const { context, output, clock } = openMicrophone();
      const samples = decode(base64);
      const buffer = new AudioBuffer({ length: samples.length, sampleRate: rateHz });
      buffer.copyToChannel(samples, 0);
      const source = new AudioBufferSourceNode(context, { buffer });
      source.connect(output);
      const startS = context.currentTime + 0.05;
      source.start(startS);
      await new Promise((resolve) => source.addEventListener('ended', resolve));
      const startMs = (await clock).offsetMs() + startS * 1000;
      return { startMs, endMs: startMs + (samples.length / rateHz) * 1000 };
    },
    setEcho(gainDb, delayMs) {
      const { echo } = openMicrophone();
      echo.delay.delayTime.value = delayMs / 1000;
      echo.gain.gain.value = 10 ** (gainDb / 20);
    },
    recording(fromMs) {
      if (!played) return { base64: '', rateHz: 48_000, startMs: fromMs };
      const { rateHz } = played;
      const first = Math.round(((fromMs - played.offsetMs()) / 1000) * rateHz);
      const last = chunks.at(-1);
      const samples = new Float32Array(Math.max(0, last ? last.frame + last.samples.length - first : 0));
      for (const chunk of chunks) {
        if (chunk.frame >= first) samples.set(chunk.samples, chunk.frame - first);
      }
      return { base64: encode(samples), rateHz, startMs: fromMs };
    },
    unplug() {
      unplugged = true;
      for (const track of tracks) {
        track.stop();
        track.dispatchEvent(new Event('ended'));
      }
      tracks.clear();
      navigator.mediaDevices.dispatchEvent(new Event('devicechange'));
    },
    plugIn() {
      unplugged = false;
      navigator.mediaDevices.dispatchEvent(new Event('devicechange'));
    },
  };
}
