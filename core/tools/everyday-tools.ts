import { calculate } from './arithmetic.ts';
import { getDate, getTime } from './time.ts';
import { cancelTimer, setTimer } from './timer.ts';
import type { Tool } from './tool.ts';

/** The tools that every conversation has. */
export const everydayTools: readonly Tool[] = [getTime, getDate, calculate, setTimer, cancelTimer];
