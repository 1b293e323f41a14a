import { z } from 'zod';
import { AppError } from '../errors.ts';
import { optionalNumber, optionalText } from './arguments.ts';
import { durationSeconds, durationText } from './duration.ts';
import { defineTool } from './tool.ts';

/** Longest timer: a page rarely stays open longer, and browsers cap their own timers at 24.8 days. */
const MAX_SECONDS = 24 * 3600;

const MAX_LABEL = 60;

const amount = z.number().min(0).max(MAX_SECONDS);

export const setTimer = defineTool({
  name: 'set_timer',
  description: 'Sets a timer that rings after the given time.',
  parameters: z.object({
    hours: optionalNumber(amount),
    minutes: optionalNumber(amount),
    seconds: optionalNumber(amount),
    label: optionalText(MAX_LABEL),
  }),
  sideEffect: true,
  async run({ hours = 0, minutes = 0, seconds = 0, label }, { timers }) {
    const duration = { hours, minutes, seconds };
    const total = durationSeconds(duration);
    if (total < 1) throw new AppError('input.invalid', 'Say how long: hours, minutes or seconds above 0.');
    if (total > MAX_SECONDS) throw new AppError('input.invalid', 'A timer can run for 24 hours at most.');
    return { id: timers.set(total, label), duration: durationText(duration) };
  },
});

export const cancelTimer = defineTool({
  name: 'cancel_timer',
  description: 'Cancels the timer with this id or label, or all timers when neither is given.',
  parameters: z.object({ id: optionalNumber(z.number().int()), label: optionalText(MAX_LABEL) }),
  sideEffect: true,
  run: async ({ id, label }, { timers }) => ({ cancelled: timers.cancel({ id, label: label || undefined }) }),
});
