/** A way out of a notice, as its button says it. */
export interface NoticeAction {
  action: 'retry' | 'microphone-help' | 'plan' | 'choose-microphone';
  label: string;
}

const retry: NoticeAction = { action: 'retry', label: 'Try again' };
const help: NoticeAction = { action: 'microphone-help', label: 'How to allow the microphone' };
const plan: NoticeAction = { action: 'plan', label: 'What runs where' };
const choose: NoticeAction = { action: 'choose-microphone', label: 'Choose a microphone' };

const actions: Record<string, readonly NoticeAction[]> = {
  'mic.denied': [help, retry],
  'mic.missing': [retry, choose],
  'mic.lost': [retry, choose],
  'model.missing': [retry],
  'model.corrupt': [retry],
  'engine.failed': [retry],
  'engine.timeout': [retry],
  'worker.died': [retry],
  'gpu.unavailable': [plan],
  'gpu.lost': [retry, plan],
  'stage.moved': [plan],
  'server.unreachable': [retry, plan],
  'server.busy': [retry, plan],
  'server.denied': [plan],
  'page.crashed': [plan],
};

/** Ways out of a notice besides dismissing it. */
export function noticeActions(code: string): readonly NoticeAction[] {
  return actions[code] ?? [];
}
