import { z } from 'zod';
import { AppError, throwIfAborted, toAppError } from '../errors.ts';
import type { Language } from '../settings/settings.ts';
import type { ToolCall, ToolDescription } from '../stages/stage.ts';
import type { Timers } from './timers.ts';

/** What tools may know and touch. */
export interface ToolContext {
  /** Wall-clock time; its local time zone is the person's. */
  now(): Date;
  language(): Language;
  timers: Timers;
}

export interface Tool {
  description: ToolDescription;
  /** It changes something, so it may run only for a turn that is committed. */
  sideEffect: boolean;
  /** @throws AppError `input.invalid` when the arguments do not fit, and whatever the tool throws. */
  run(args: unknown, context: ToolContext, signal: AbortSignal): Promise<unknown>;
}

export interface Toolbox {
  descriptions: readonly ToolDescription[];
  /** False for a tool that does not exist: its call is answered with an error only. */
  hasSideEffect(name: string): boolean;
  /**
   * Answers a call with JSON for the model. Whatever is wrong with it is in the answer: `{"error": "…"}`.
   * @throws AppError `aborted` only.
   */
  run(call: ToolCall, signal: AbortSignal): Promise<string>;
}

/** Characters of one result; more would crowd the conversation out of a small model's context. */
const MAX_RESULT_CHARACTERS = 4_000;

/** Characters of an error as the model reads it. */
const MAX_ERROR_CHARACTERS = 300;

/** Makes a tool whose arguments are checked by `parameters` before `run` sees them. */
export function defineTool<Schema extends z.ZodObject>(definition: {
  name: string;
  description: string;
  parameters: Schema;
  sideEffect: boolean;
  run(args: z.output<Schema>, context: ToolContext, signal: AbortSignal): Promise<unknown>;
}): Tool {
  const { $schema: _, ...parameters } = z.toJSONSchema(definition.parameters, { io: 'input' });
  return {
    description: { name: definition.name, description: definition.description, parameters },
    sideEffect: definition.sideEffect,
    async run(args, context, signal) {
      const parsed = definition.parameters.safeParse(args);
      if (!parsed.success) throw new AppError('input.invalid', `Bad arguments: ${issuesOf(parsed.error)}.`);
      return definition.run(parsed.data, context, signal);
    },
  };
}

/** The tools of one conversation. */
export function createToolbox(tools: readonly Tool[], context: ToolContext): Toolbox {
  const byName = new Map(tools.map((tool) => [tool.description.name, tool]));

  async function answer(call: ToolCall, signal: AbortSignal): Promise<string> {
    const tool = byName.get(call.name);
    if (tool === undefined) {
      throw new AppError('input.invalid', `There is no such tool. Tools: ${[...byName.keys()].join(', ')}.`);
    }
    const result = await untilAborted(tool.run(argumentsOf(call), context, signal), signal);
    const content = JSON.stringify(result) ?? 'null';
    if (content.length > MAX_RESULT_CHARACTERS) throw new AppError('tool.failed', 'The result is too long.');
    return content;
  }

  return {
    descriptions: tools.map((tool) => tool.description),
    hasSideEffect: (name) => byName.get(name)?.sideEffect ?? false,
    async run(call, signal) {
      throwIfAborted(signal);
      try {
        return await answer(call, signal);
      } catch (error) {
        throwIfAborted(signal);
        return JSON.stringify({
          error: toAppError(error, 'tool.failed').message.slice(0, MAX_ERROR_CHARACTERS),
        });
      }
    },
  };
}

/** Models write arguments as an object, as JSON in a string, or not at all where a tool takes none. */
function argumentsOf(call: ToolCall): unknown {
  if (typeof call.arguments !== 'string') return call.arguments ?? {};
  if (call.arguments.trim() === '') return {};
  try {
    return JSON.parse(call.arguments);
  } catch (cause) {
    throw new AppError('input.invalid', 'Bad arguments: they are not valid JSON.', { cause });
  }
}

function issuesOf(error: z.ZodError): string {
  return error.issues
    .map(({ path, message }) => (path.length > 0 ? `${path.join('.')}: ${message}` : message))
    .join('; ');
}

/** Gives up on a tool that does not look at its signal. */
function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(new AppError('aborted', 'The work was cancelled.'));
    signal.addEventListener('abort', onAbort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}
