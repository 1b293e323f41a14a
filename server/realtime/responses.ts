import { Buffer } from 'node:buffer';
import { encodePcm16 } from '../../core/audio/wav.ts';
import { argumentsText } from '../../core/protocol/tool-arguments.ts';
import type { ToolCall } from '../../core/stages/stage.ts';
import { messageItem } from './items.ts';
import type { Item, Items } from './items.ts';
import { newId } from './link.ts';
import type { Link } from './link.ts';

/** Bytes that a slow reader may leave waiting before sound is left out; words and events never are. */
const MAX_WAITING_BYTES = 2_000_000;

type Ending =
  | { status: 'completed' }
  | { status: 'cancelled'; reason: 'turn_detected' | 'client_cancelled' }
  | { status: 'failed'; error: { type: string; code: string; message: string } };

/** What the assistant answers, told as it becomes known. One response is open at a time. */
export interface Responses {
  isOpen(): boolean;
  /** Id of the item that is being said. */
  openItemId(): string | undefined;
  begin(): void;
  /** More of the answer. */
  text(delta: string): void;
  sound(samples: Float32Array): void;
  call(call: ToolCall): void;
  /** @param heard what was heard of the text, where that is not all of it */
  end(ending: Ending, heard?: string): void;
}

interface OpenResponse {
  id: string;
  output: Item[];
  message?: { id: string; index: number; text: string };
}

export function createResponses(
  link: Link,
  items: Items,
  conversationId: string,
  modality: () => 'text' | 'audio',
): Responses {
  let open: OpenResponse | undefined;
  let spoken = modality();

  function describe({ id, output }: OpenResponse, status: string, details: object | null): object {
    return {
      object: 'realtime.response',
      id,
      status,
      status_details: details,
      output,
      conversation_id: conversationId,
      output_modalities: [spoken],
      max_output_tokens: 'inf',
      metadata: null,
      usage: null,
    };
  }

  function begin(): OpenResponse {
    if (open !== undefined) return open;
    spoken = modality();
    open = { id: newId('resp'), output: [] };
    link.send({ type: 'response.created', response: describe(open, 'in_progress', null) });
    return open;
  }

  function addOutput(response: OpenResponse, item: Item): number {
    const index = response.output.push(item) - 1;
    link.send({ type: 'response.output_item.added', response_id: response.id, output_index: index, item });
    items.add(item);
    return index;
  }

  function finishOutput(response: OpenResponse, index: number, item: Item): void {
    response.output[index] = item;
    link.send({ type: 'response.output_item.done', response_id: response.id, output_index: index, item });
    items.finish(item);
  }

  const part = (text: string): object =>
    spoken === 'audio' ? { type: 'output_audio', transcript: text } : { type: 'output_text', text };
  /** The name of this part in events differs from its name in items. */
  const eventPart = (text: string): object =>
    spoken === 'audio' ? { type: 'audio', transcript: text } : { type: 'text', text };

  function beginMessage(response: OpenResponse): NonNullable<OpenResponse['message']> {
    if (response.message !== undefined) return response.message;
    const item = messageItem('assistant', [], 'in_progress');
    const index = addOutput(response, item);
    response.message = { id: item.id, index, text: '' };
    link.send({ type: 'response.content_part.added', ...at(response), part: eventPart('') });
    return response.message;
  }

  function at({ id, message }: OpenResponse): object {
    return { response_id: id, item_id: message?.id, output_index: message?.index, content_index: 0 };
  }

  function endMessage(response: OpenResponse, heard: string | undefined): void {
    const { message } = response;
    if (message === undefined) return;
    const text = heard ?? message.text;
    if (spoken === 'audio') {
      link.send({ type: 'response.output_audio.done', ...at(response) });
      link.send({ type: 'response.output_audio_transcript.done', ...at(response), transcript: text });
    } else link.send({ type: 'response.output_text.done', ...at(response), text });
    link.send({ type: 'response.content_part.done', ...at(response), part: eventPart(text) });
    const status = heard === undefined ? 'completed' : 'incomplete';
    finishOutput(response, message.index, messageItem('assistant', [part(text)], status, message.id));
  }

  return {
    isOpen: () => open !== undefined,
    openItemId: () => open?.message?.id,
    begin: () => void begin(),
    text(delta) {
      if (delta === '') return;
      const response = begin();
      beginMessage(response).text += delta;
      const type =
        spoken === 'audio' ? 'response.output_audio_transcript.delta' : 'response.output_text.delta';
      link.send({ type, ...at(response), delta });
    },
    sound(samples) {
      if (open?.message === undefined || link.waitingBytes() > MAX_WAITING_BYTES) return;
      const delta = Buffer.from(encodePcm16(samples).buffer).toString('base64');
      link.send({ type: 'response.output_audio.delta', ...at(open), delta });
    },
    call({ id, name, arguments: args }) {
      const response = begin();
      const written = argumentsText(args);
      const item = (status: string, text: string): Item => ({
        id: itemId,
        object: 'realtime.item',
        type: 'function_call',
        status,
        call_id: id,
        name,
        arguments: text,
      });
      const itemId = newId('item');
      const index = addOutput(response, item('in_progress', ''));
      const where = { response_id: response.id, item_id: itemId, output_index: index, call_id: id };
      link.send({ type: 'response.function_call_arguments.delta', ...where, delta: written });
      link.send({ type: 'response.function_call_arguments.done', ...where, name, arguments: written });
      finishOutput(response, index, item('completed', written));
    },
    end(ending, heard) {
      if (open === undefined) return;
      const ended = open;
      open = undefined;
      endMessage(ended, heard);
      const { status, ...details } = ending;
      const explained = status === 'completed' ? null : { type: status, ...details };
      link.send({ type: 'response.done', response: describe(ended, status, explained) });
    },
  };
}
