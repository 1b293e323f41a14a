import { createTranscriptDeltas } from '../../core/protocol/transcript-deltas.ts';
import type { TranscriptDeltas } from '../../core/protocol/transcript-deltas.ts';
import { messageItem } from './items.ts';
import type { Items } from './items.ts';
import { newId } from './link.ts';
import type { Link } from './link.ts';

/** What a person says, told as it becomes known. One item is open at a time, from the first sound to the last word. */
export interface SpokenItems {
  started(audioStartMs: number): void;
  /** Silence since then; whether the turn is over is still open. */
  paused(audioEndMs: number): void;
  /** Words so far, whole. */
  words(text: string): void;
  /** The turn is over, with these words. */
  committed(text: string): void;
  /** It was nothing, or what it was is already told. */
  dropped(): void;
  failed(code: string, message: string): void;
}

interface OpenItem {
  id: string;
  deltas: TranscriptDeltas;
  /** The last that was told. */
  words: string;
  speaking: boolean;
  startMs: number;
}

/** @param wanted whether the client wants to read the words */
export function createSpokenItems(link: Link, items: Items, wanted: () => boolean): SpokenItems {
  let open: OpenItem | undefined;
  let endMs = 0;

  function begin(startMs: number): OpenItem {
    return (open ??= {
      id: newId('item'),
      deltas: createTranscriptDeltas(),
      speaking: false,
      startMs,
      words: '',
    });
  }

  function stop(): void {
    if (open?.speaking !== true) return;
    open.speaking = false;
    endMs = Math.max(endMs, open.startMs);
    link.send({
      type: 'input_audio_buffer.speech_stopped',
      audio_end_ms: Math.round(endMs),
      item_id: open.id,
    });
  }

  function addItem(id: string, text: string): void {
    link.send({ type: 'input_audio_buffer.committed', previous_item_id: items.lastId(), item_id: id });
    const item = messageItem(
      'user',
      [{ type: 'input_audio', transcript: wanted() ? text : null }],
      'completed',
      id,
    );
    items.add(item);
    items.finish(item);
  }

  function delta(id: string, text: string): void {
    if (text === '' || !wanted()) return;
    link.send({
      type: 'conversation.item.input_audio_transcription.delta',
      item_id: id,
      content_index: 0,
      delta: text,
    });
  }

  return {
    started(audioStartMs) {
      const item = begin(audioStartMs);
      if (item.speaking) return;
      item.speaking = true;
      link.send({
        type: 'input_audio_buffer.speech_started',
        audio_start_ms: Math.max(0, Math.round(audioStartMs)),
        item_id: item.id,
      });
    },
    paused(audioEndMs) {
      endMs = audioEndMs;
    },
    words(text) {
      if (open === undefined || open.words === text) return;
      open.words = text;
      delta(open.id, open.deltas.push(text));
    },
    committed(text) {
      const { id, deltas, startMs } = begin(endMs);
      stop();
      open = undefined;
      addItem(id, text);
      delta(id, deltas.end(text));
      if (!wanted()) return;
      link.send({
        type: 'conversation.item.input_audio_transcription.completed',
        item_id: id,
        content_index: 0,
        transcript: text,
        usage: { type: 'duration', seconds: Math.max(0, endMs - startMs) / 1000 },
      });
    },
    dropped() {
      stop();
      open = undefined;
    },
    failed(code, message) {
      if (open === undefined) return;
      const { id } = open;
      open = undefined;
      link.send({
        type: 'conversation.item.input_audio_transcription.failed',
        item_id: id,
        content_index: 0,
        error: { type: 'server_error', code, message, param: null },
      });
    },
  };
}
