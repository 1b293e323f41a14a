import { defaultSettings, languages } from '../../core/settings/settings.ts';
import type { Language, Settings } from '../../core/settings/settings.ts';
import type { SessionUpdate, TurnDetection } from '../../core/protocol/realtime.ts';
import { WIRE_RATE_HZ } from '../../core/protocol/speech.ts';
import type { ToolDescription } from '../../core/stages/stage.ts';

/** What a client has chosen for its session. */
export interface SessionConfig {
  type: 'realtime' | 'transcription';
  instructions: string;
  modality: 'text' | 'audio';
  tools: readonly ToolDescription[];
  /** Absent: the client says itself where its turns end. */
  turnDetection: TurnDetection | undefined;
  /** Whether the client wants to read what was said. */
  transcription: { language?: string | undefined } | undefined;
  voice: string;
  speed: number;
}

export function initialConfig(type: SessionConfig['type']): SessionConfig {
  return {
    type,
    instructions: '',
    modality: 'audio',
    tools: [],
    turnDetection: { type: 'semantic_vad' },
    transcription: type === 'transcription' ? {} : undefined,
    voice: defaultSettings.voice.id,
    speed: 1,
  };
}

/** What the update names is changed, all else stays. */
export function updateConfig(config: SessionConfig, update: SessionUpdate): SessionConfig {
  const input = update.audio?.input;
  const heard = {
    ...config,
    ...(input?.turn_detection !== undefined && { turnDetection: input.turn_detection ?? undefined }),
    ...(input?.transcription !== undefined && { transcription: input.transcription ?? undefined }),
  };
  if (update.type === 'transcription') return heard;
  const { voice, speed } = update.audio?.output ?? {};
  return {
    ...heard,
    ...(update.instructions !== undefined && { instructions: update.instructions }),
    ...(update.output_modalities !== undefined && { modality: update.output_modalities[0]! }),
    ...(update.tools !== undefined && { tools: update.tools }),
    ...(update.tool_choice === 'none' && { tools: [] }),
    ...(voice !== undefined && { voice: typeof voice === 'string' ? voice : voice.id }),
    ...(speed !== undefined && { speed }),
  };
}

/** True where what was said is only written down: it is answered when the client asks for it. */
export function onlyListens({ type, turnDetection }: SessionConfig): boolean {
  return type === 'transcription' || turnDetection === undefined || turnDetection.create_response === false;
}

/** The same as the settings of a conversation. */
export function settingsOf(config: SessionConfig): Settings {
  const { turnDetection, transcription, voice, speed, modality } = config;
  const serverVad = turnDetection?.type === 'server_vad' ? turnDetection : undefined;
  const { listening } = defaultSettings;
  return {
    ...defaultSettings,
    language: languageOf(transcription?.language),
    captionsOnly: modality === 'text',
    voice: { id: voice, speed: Math.max(0.5, speed) },
    listening: {
      ...listening,
      threshold: Math.min(0.95, Math.max(0.1, serverVad?.threshold ?? listening.threshold)),
      speechPadMs: serverVad?.prefix_padding_ms ?? listening.speechPadMs,
      pace: paceOf(turnDetection),
    },
  };
}

/** A silence of fixed length is no more than a wish for a pace here: how long it takes follows what was said. */
function paceOf(detection: TurnDetection | undefined): Settings['listening']['pace'] {
  if (detection?.type === 'server_vad') {
    const { silence_duration_ms: silenceMs = 500 } = detection;
    if (silenceMs < 400) return 'quick';
    return silenceMs > 700 ? 'patient' : 'balanced';
  }
  if (detection?.eagerness === 'low') return 'patient';
  return detection?.eagerness === 'high' ? 'quick' : 'balanced';
}

function languageOf(tag: string | undefined): Language {
  return languages.find((language) => language === tag?.split('-', 1)[0]?.toLowerCase()) ?? 'en';
}

/** The session as the protocol describes it. */
export function describeSession(id: string, model: string, config: SessionConfig): Record<string, unknown> {
  const format = { type: 'audio/pcm', rate: WIRE_RATE_HZ };
  const { turnDetection, transcription, type } = config;
  const input = { format, transcription: transcription ?? null, turn_detection: turnDetection ?? null };
  if (type === 'transcription')
    return { type, object: 'realtime.transcription_session', id, audio: { input } };
  return {
    type,
    object: 'realtime.session',
    id,
    model,
    output_modalities: [config.modality],
    instructions: config.instructions,
    tools: config.tools.map((tool) => ({ type: 'function', ...tool })),
    tool_choice: 'auto',
    audio: { input, output: { format, voice: config.voice, speed: config.speed } },
  };
}
