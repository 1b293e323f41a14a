import type { ToolCall, ToolDescription } from '../../core/stages/stage.ts';

const OPEN_CALL = '<tool_call>';
const CLOSE_CALL = '</tool_call>';

/**
 * Tells a model of its tools, in words: WebLLM writes the chat templates itself and knows no tools but those of a few
 * models. The tags are those that Hermes and Qwen were trained on.
 */
export function toolInstructions(tools: readonly ToolDescription[]): string {
  return [
    'You have tools. To use one, write its call and nothing else, in this form:',
    `${OPEN_CALL}\n{"name": "the tool's name", "arguments": {"a parameter": "its value"}}\n${CLOSE_CALL}`,
    'The next message then holds the result between <tool_response> and </tool_response>: answer with it.',
    'Your tools, with their parameters in JSON Schema:',
    ...tools.map((tool) => JSON.stringify(tool)),
  ].join('\n');
}

/** Calls as a model writes them. */
export function writeCalls(calls: readonly ToolCall[]): string {
  return calls
    .map((call) => `${before(call.name)}${JSON.stringify(call.arguments ?? {})}${AFTER_ARGUMENTS}`)
    .join('\n');
}

/** Results of calls, in one message. */
export function writeResults(results: readonly string[]): string {
  return results.map((content) => `<tool_response>\n${content}\n</tool_response>`).join('\n');
}

/**
 * The grammar of replies, for `response_format`: free text, until the model opens a call; what follows can then be
 * nothing but the name of a tool and arguments that fit its schema.
 */
export function callGrammar(tools: readonly ToolDescription[]): string {
  return JSON.stringify({
    type: 'structural_tag',
    format: {
      type: 'triggered_tags',
      triggers: [OPEN_CALL],
      tags: tools.map(({ name, parameters }) => ({
        type: 'tag',
        begin: before(name),
        content: { type: 'json_schema', json_schema: parameters },
        end: AFTER_ARGUMENTS,
      })),
    },
  });
}

const AFTER_ARGUMENTS = `}\n${CLOSE_CALL}`;

function before(name: string): string {
  return `${OPEN_CALL}\n{"name": ${JSON.stringify(name)}, "arguments": `;
}
