import { describe, expect, it } from 'vitest';
import {
  classifyTarget,
  decideShortcut,
  type KeyPress,
  type ShortcutContext,
} from '../../src/state/shortcuts.ts';

const context: ShortcutContext = {
  shortcuts: true,
  talkMode: 'hold',
  running: true,
  holding: false,
  dialogOpen: false,
};

function decide(press: Partial<KeyPress>, changes: Partial<ShortcutContext> = {}) {
  const whole: KeyPress = {
    type: 'keydown',
    key: ' ',
    repeat: false,
    modified: false,
    target: 'page',
    ...press,
  };
  return decideShortcut(whole, { ...context, ...changes });
}

describe('keyboard shortcuts', () => {
  it('Space talks while it is held', () => {
    expect(decide({})).toBe('talk-down');
    expect(decide({ repeat: true }, { holding: true })).toBe('swallow');
    expect(decide({ type: 'keyup' }, { holding: true })).toBe('talk-up');
  });

  it('lets go of Space even in a text field, in a dialog or with shortcuts off', () => {
    const everythingElse = { holding: true, shortcuts: false, dialogOpen: true };
    expect(decide({ type: 'keyup', target: 'text', modified: true }, everythingElse)).toBe('talk-up');
  });

  it('leaves Space alone while typing, on a button, in open talk, before Talk, or when shortcuts are off', () => {
    expect(decide({ target: 'text' })).toBeUndefined();
    expect(decide({ target: 'control' })).toBeUndefined();
    expect(decide({}, { talkMode: 'open' })).toBeUndefined();
    expect(decide({}, { running: false })).toBeUndefined();
    expect(decide({}, { shortcuts: false })).toBeUndefined();
    expect(decide({}, { dialogOpen: true })).toBeUndefined();
    expect(decide({ type: 'keyup' })).toBeUndefined();
  });

  it('M mutes, but not while typing, with Ctrl, again while held down, or in push-to-talk', () => {
    const open = { talkMode: 'open' } as const;
    expect(decide({ key: 'm' }, open)).toBe('toggle-mute');
    expect(decide({ key: 'M' }, open)).toBe('toggle-mute');
    expect(decide({ key: 'm', target: 'control' }, open)).toBe('toggle-mute');
    expect(decide({ key: 'm', target: 'text' }, open)).toBeUndefined();
    expect(decide({ key: 'm', modified: true }, open)).toBeUndefined();
    expect(decide({ key: 'm', repeat: true }, open)).toBeUndefined();
    expect(decide({ key: 'm' }, { ...open, shortcuts: false })).toBeUndefined();
    expect(decide({ key: 'm' }, { ...open, running: false })).toBeUndefined();
    expect(decide({ key: 'm' })).toBeUndefined();
  });

  it('Esc stops the reply even while typing and with shortcuts off, but belongs to an open dialog', () => {
    expect(decide({ key: 'Escape', target: 'text' }, { shortcuts: false, running: false })).toBe('stop');
    expect(decide({ key: 'Escape' }, { dialogOpen: true })).toBeUndefined();
    expect(decide({ key: 'Escape', modified: true })).toBeUndefined();
  });
});

describe('where a key lands', () => {
  it('tells text fields from controls from the page', () => {
    expect(classifyTarget({ tagName: 'TEXTAREA' })).toBe('text');
    expect(classifyTarget({ tagName: 'INPUT' })).toBe('text');
    expect(classifyTarget({ tagName: 'INPUT', type: 'search' })).toBe('text');
    expect(classifyTarget({ tagName: 'SELECT' })).toBe('text');
    expect(classifyTarget({ tagName: 'DIV', isContentEditable: true })).toBe('text');
    expect(classifyTarget({ tagName: 'INPUT', type: 'range' })).toBe('control');
    expect(classifyTarget({ tagName: 'BUTTON', type: 'button' })).toBe('control');
    expect(classifyTarget({ tagName: 'SUMMARY' })).toBe('control');
    expect(classifyTarget({ tagName: 'DIV' })).toBe('page');
  });
});
