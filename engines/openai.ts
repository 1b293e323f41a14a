/** Stages on any server with the doors of OpenAI. */
export { createOpenAiRecognizer } from './openai/recognizer.ts';
export { createOpenAiResponder } from './openai/responder.ts';
export { createOpenAiSynthesizer } from './openai/synthesizer.ts';
export type { OpenAiVoiceConfig } from './openai/synthesizer.ts';
export type { OpenAiConfig } from './openai/upstream.ts';
