import type { ChatMessage, ToolCall, Voice } from '../stages/stage.ts';
import type { WaitName } from './events.ts';

/** What the model is to hear in place of a message's words: each utterance up to so many of its pauses. */
export interface Sound {
  /** Position of the message, one of the user's. */
  message: number;
  utterances: readonly { utterance: number; pauses: number }[];
}

/** A command of the reducer, carried out by the session. */
export type Effect =
  | { type: 'openMicrophone' }
  | { type: 'closeMicrophone' }
  | { type: 'setMuted'; muted: boolean }
  | { type: 'transcribe'; utterance: number }
  | { type: 'cancelTranscription'; utterance: number }
  /** The utterance is taken: its audio ends. */
  | { type: 'closeUtterance'; utterance: number }
  /** Asks the turn detector about this pause of the utterance. */
  | { type: 'judge'; utterance: number; pauses: number }
  /** The complete words of the turn up to the pause that is being judged. */
  | { type: 'judgeWords'; words: string }
  | { type: 'wait'; wait: WaitName; ms: number }
  | { type: 'cancelWait'; wait: WaitName }
  | { type: 'reply'; turn: number; messages: readonly ChatMessage[]; sound?: Sound }
  /** The person begins to speak: the model may read the conversation so far. */
  | { type: 'prepare'; messages: readonly ChatMessage[] }
  /** Answers with words that are known already. */
  | { type: 'recite'; turn: number; text: string }
  /** Ends generation, tools, synthesis and playback of the turn. */
  | { type: 'cancelTurn'; turn: number }
  | { type: 'runTool'; turn: number; call: ToolCall }
  /** `clause` is its position in the reply. Sounds once the turn is released. */
  | { type: 'speak'; turn: number; clause: number; text: string; voice: Voice }
  | { type: 'release'; turn: number }
  /** Silences the turn and keeps what it has still to say. */
  | { type: 'hold'; turn: number }
  | { type: 'duck' }
  | { type: 'unduck' }
  /** The loudspeaker is (not) in use: the bar for speech is raised (lowered). */
  | { type: 'setPlayback'; active: boolean };
