/** What the decision looks at; a DOM `KeyboardEvent` and its target reduced to plain values. */
export interface KeyPress {
  type: 'keydown' | 'keyup';
  key: string;
  repeat: boolean;
  /** Ctrl, Alt, Meta or Shift is down, or an input method is composing. */
  modified: boolean;
  /** Where the key landed: a text field, a control that takes Space itself, or anything else. */
  target: 'text' | 'control' | 'page';
}

export interface ShortcutContext {
  /** Single-key shortcuts may be turned off (WCAG 2.1.4). Esc is no character and always works. */
  shortcuts: boolean;
  talkMode: 'open' | 'hold';
  running: boolean;
  /** Space is down and was taken as push-to-talk. */
  holding: boolean;
  dialogOpen: boolean;
}

export type ShortcutAction = 'stop' | 'toggle-mute' | 'talk-down' | 'talk-up' | 'swallow';

/** Decides what a key does. `swallow`: nothing, but the page must not scroll. */
export function decideShortcut(press: KeyPress, context: ShortcutContext): ShortcutAction | undefined {
  const space = press.key === ' ';
  // A held key must always be let go, wherever the focus went meanwhile.
  if (press.type === 'keyup') return space && context.holding ? 'talk-up' : undefined;
  if (space && context.holding) return 'swallow';
  if (press.modified || context.dialogOpen) return undefined;
  if (press.key === 'Escape') return press.repeat ? undefined : 'stop';
  if (!context.shortcuts || press.target === 'text' || press.repeat) return undefined;
  if (space && context.talkMode === 'hold' && context.running && press.target === 'page') return 'talk-down';
  if (press.key.toLowerCase() === 'm' && context.running && context.talkMode === 'open') return 'toggle-mute';
  return undefined;
}

const textInputs = new Set(['text', 'search', 'email', 'url', 'tel', 'password', 'number']);

/** Tells apart where typing or Space already means something. */
export function classifyTarget(element: {
  tagName: string;
  type?: string;
  isContentEditable?: boolean;
}): KeyPress['target'] {
  const tag = element.tagName.toLowerCase();
  if (element.isContentEditable || tag === 'textarea' || tag === 'select') return 'text';
  if (tag === 'input') return textInputs.has(element.type ?? 'text') ? 'text' : 'control';
  return tag === 'button' || tag === 'summary' || tag === 'a' ? 'control' : 'page';
}
