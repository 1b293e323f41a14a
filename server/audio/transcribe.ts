import { FRAME_SAMPLES, SPEECH_RATE_HZ } from '../../core/audio/pcm.ts';
import type { Pcm } from '../../core/audio/pcm.ts';
import type { Transcript, UtterancePart } from '../../core/stages/stage.ts';
import type { CallerStages } from '../engines/engines.ts';
import { findUtterances } from './utterances.ts';
import type { RecordedUtterance } from './utterances.ts';

/** What was said in one stretch of a recording; `final` when no more is learned of it. */
export interface RecordedWords {
  utterance: Pick<RecordedUtterance, 'startMs' | 'endMs'>;
  transcript: Transcript;
  final: boolean;
}

/** Writes down a recording, one stretch of speech after another. Yields nothing for a silent one. */
export async function* transcribeRecording(
  { recognizer, scoreFrames }: Pick<CallerStages, 'recognizer' | 'scoreFrames'>,
  recording: Pcm,
  language: string | undefined,
  signal: AbortSignal,
): AsyncGenerator<RecordedWords> {
  const options = language === undefined ? {} : { language: language.split('-', 1)[0]!.toLowerCase() };
  for await (const utterance of findUtterances(recording, scoreFrames, signal)) {
    let last: Transcript | undefined;
    for await (const transcript of recognizer.transcribe(partsOf(utterance.samples), options, signal)) {
      last = transcript;
      yield { utterance, transcript, final: false };
    }
    if (last !== undefined && last.text !== '') yield { utterance, transcript: last, final: true };
  }
}

/** The whole text of a recording. */
export async function textOfRecording(
  stages: Pick<CallerStages, 'recognizer' | 'scoreFrames'>,
  recording: Pcm,
  language: string | undefined,
  signal: AbortSignal,
): Promise<string> {
  const texts: string[] = [];
  for await (const { transcript, final } of transcribeRecording(stages, recording, language, signal)) {
    if (final) texts.push(transcript.text);
  }
  return texts.join(' ');
}

async function* partsOf(samples: Float32Array): AsyncGenerator<UtterancePart> {
  const step = 50 * FRAME_SAMPLES;
  for (let at = 0; at < samples.length; at += step) {
    yield { type: 'audio', pcm: { samples: samples.slice(at, at + step), rateHz: SPEECH_RATE_HZ } };
  }
}
