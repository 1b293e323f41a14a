import type { TurnEvent } from './events.ts';
import { turnJudged } from './judgement.ts';
import * as control from './reduce-control.ts';
import * as playback from './reduce-playback.ts';
import * as reply from './reduce-reply.ts';
import * as speech from './reduce-speech.ts';
import * as words from './reduce-words.ts';
import type { TurnState } from './state.ts';
import { askStillThere, watchSilence } from './still-there.ts';
import { step } from './step.ts';
import { takeTurn } from './take-turn.ts';
import type { Step } from './step.ts';

/**
 * The conversation as a pure function: no clock, no I/O. Events are past facts, effects are commands that the session
 * carries out. Events of a turn that is no longer current are dropped here and nowhere else.
 */
export function reduce(state: TurnState, event: TurnEvent): Step {
  if (isStale(state, event)) return step(state);
  return watchSilence(state, react(state, event));
}

function react(state: TurnState, event: TurnEvent): Step {
  switch (event.type) {
    case 'talk.started':
      return control.talkStarted(state);
    case 'talk.ended':
      return control.talkEnded(state);
    case 'mute.changed':
      return control.muteChanged(state, event);
    case 'key.changed':
      return control.keyChanged(state, event);
    case 'stop.requested':
      return control.stopRequested(state);
    case 'text.submitted':
      return control.textSubmitted(state, event);
    case 'settings.changed':
      return control.settingsChanged(state, event);
    case 'notice.raised':
      return control.noticeRaised(state, event);
    case 'notice.dismissed':
      return control.noticeDismissed(state, event);
    case 'microphone.failed':
      return control.microphoneFailed(state, event);
    case 'speech.started':
      return speech.speechStarted(state, event);
    case 'speech.confirmed':
      return speech.speechConfirmed(state, event);
    case 'speech.paused':
      return speech.speechPaused(state, event);
    case 'speech.resumed':
      return speech.speechResumed(state, event);
    case 'speech.ended':
      return speech.speechEnded(state, event);
    case 'speech.misfire':
      return speech.speechMisfired(state, event);
    case 'transcript.updated':
      return words.transcriptUpdated(state, event);
    case 'turn.judged':
      return turnJudged(state, event);
    case 'recognition.failed':
      return words.recognitionFailed(state, event);
    case 'wait.elapsed':
      return waitElapsed(state, event);
    case 'reply.delta':
      return reply.replyDelta(state, event);
    case 'reply.clause':
      return reply.replyClause(state, event);
    case 'reply.toolCall':
      return reply.replyToolCall(state, event);
    case 'reply.ended':
      return reply.replyEnded(state, event);
    case 'reply.failed':
      return reply.replyFailed(state, event);
    case 'tool.finished':
      return reply.toolFinished(state, event);
    case 'clip.ready':
      return playback.clipReady(state, event);
    case 'clip.started':
      return playback.clipStarted(state, event);
    case 'clip.progress':
      return playback.clipProgress(state, event);
    case 'clip.ended':
      return playback.clipEnded(state, event);
    case 'clip.failed':
      return playback.clipFailed(state, event);
    case 'playback.held':
      return playback.playbackHeld(state, event);
    case 'playback.stopped':
      return playback.playbackStopped(state, event);
    case 'underrun':
      return step({ ...state, trace: { ...state.trace, underruns: event.count } });
  }
}

function waitElapsed(state: TurnState, event: Extract<TurnEvent, { type: 'wait.elapsed' }>): Step {
  switch (event.wait) {
    case 'endpoint':
      return takeTurn(state, event.atMs);
    case 'progress':
      return reply.progressTimedOut(state);
    case 'silence':
      return askStillThere(state);
  }
}

function isStale(state: TurnState, event: TurnEvent): boolean {
  if (!('turn' in event) || event.turn === state.turn) return false;
  return event.type !== 'playback.stopped' || event.turn !== state.cut?.turn;
}
