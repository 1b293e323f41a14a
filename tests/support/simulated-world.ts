import { AppError } from '../../core/errors.ts';
import type { Clause } from '../../core/text/clauses.ts';
import type { Effect } from '../../core/turn/effects.ts';
import type { Fact, WaitName } from '../../core/turn/events.ts';
import { heardText } from '../../core/turn/heard.ts';
import type { Random } from './random.ts';

interface Clip {
  clause: Clause;
  index: number;
  state: 'buffering' | 'playing' | 'ended' | 'failed';
  playedMs: number;
  durationMs: number;
}

interface Work {
  turn: number;
  generating: boolean;
  partsLeft: number;
  toolsLeft: number;
  tools: number;
  released: boolean;
  clauses: Clause[];
  clips: Clip[];
}

interface Speech {
  id: number;
  state: 'open' | 'paused' | 'closed';
  confirmed: boolean;
  transcribing: boolean;
  /** Pauses whose settled words are still to come. */
  unsettled: number;
  settled: number;
}

/**
 * Everything around the reducer, played by dice: it keeps the promises of the stages (order, one settled transcript for
 * each pause, clips in order, nothing after a stop) and watches what could be heard. It is the judge, so it computes
 * what was heard by itself.
 */
export function createWorld(random: Random) {
  /** Whether the responder answers sound, in this world. */
  const hears = random.chance(0.3);
  let microphone = false;
  let muted = false;
  let speech: Speech | undefined;
  let finishing: Speech[] = [];
  let nextUtterance = 1;
  let works: Work[] = [];
  const stopping: Fact[] = [];
  const cancelled = new Set<number>();
  const waits = new Set<WaitName>();
  let judged: { utterance: number; pauses: number; told: boolean } | undefined;
  const violations: string[] = [];
  let nowMs = 0;

  const words = [
    'It is noon. ',
    'Well, ',
    'the fox lived in a wood. ',
    'Yes. ',
    '```code``` ',
    'One, two, three. ',
  ];

  function workOf(turn: number): Work | undefined {
    return works.find((work) => work.turn === turn);
  }

  function perform(effect: Effect): void {
    if ('turn' in effect && effect.type !== 'cancelTurn' && cancelled.has(effect.turn)) {
      violations.push(`${effect.type} for the cancelled turn ${effect.turn}`);
    }
    switch (effect.type) {
      case 'openMicrophone':
        microphone = true;
        speech = undefined;
        return;
      case 'closeMicrophone':
        microphone = false;
        speech = undefined;
        return;
      case 'setMuted':
        muted = effect.muted;
        return;
      case 'transcribe':
        if (speech?.id === effect.utterance) speech.transcribing = true;
        return;
      case 'cancelTranscription':
        finishing = finishing.filter(({ id }) => id !== effect.utterance);
        if (speech?.id === effect.utterance) speech.transcribing = false;
        return;
      case 'closeUtterance':
        if (speech?.id !== effect.utterance) return;
        if (speech.state === 'open') speech.unsettled += 1;
        finishing.push({ ...speech, state: 'closed' });
        speech = undefined;
        return;
      case 'wait':
        waits.add(effect.wait);
        return;
      case 'cancelWait':
        waits.delete(effect.wait);
        if (effect.wait === 'endpoint') judged = undefined;
        return;
      case 'judge':
        judged = { utterance: effect.utterance, pauses: effect.pauses, told: false };
        return;
      case 'judgeWords':
        if (judged?.told === true) violations.push('words of one pause told twice');
        if (judged !== undefined) judged.told = true;
        return;
      case 'prepare':
        return;
      case 'recite':
      case 'reply': {
        const running = workOf(effect.turn);
        const toolsLeft = random.chance(0.2) ? 1 + random.below(2) : 0;
        const partsLeft = random.below(6);
        if (running !== undefined) {
          if (running.generating) violations.push(`two replies at once in turn ${effect.turn}`);
          Object.assign(running, {
            generating: true,
            toolsLeft,
            partsLeft,
          });
          return;
        }
        works.push({
          turn: effect.turn,
          generating: true,
          partsLeft,
          toolsLeft,
          tools: 0,
          released: false,
          clauses: [],
          clips: [],
        });
        return;
      }
      case 'runTool': {
        const work = workOf(effect.turn);
        if (work !== undefined) work.tools += 1;
        return;
      }
      case 'speak': {
        const work = workOf(effect.turn);
        const clause = work?.clauses[effect.clause];
        if (work === undefined || clause === undefined) {
          violations.push(`speaks a clause that was never written: ${effect.turn}/${effect.clause}`);
          return;
        }
        const durationMs = 200 + random.below(2000);
        work.clips.push({ clause, index: effect.clause, state: 'buffering', playedMs: 0, durationMs });
        return;
      }
      case 'release': {
        const work = workOf(effect.turn);
        if (work !== undefined) work.released = true;
        return;
      }
      case 'hold': {
        const work = workOf(effect.turn);
        if (work === undefined) return;
        work.released = false;
        const playing = work.clips.find(({ state }) => state === 'playing');
        stopping.push({
          type: 'playback.held',
          turn: effect.turn,
          clause: playing?.index ?? -1,
          playedMs: playing?.playedMs ?? 0,
          ...(playing === undefined ? {} : { durationMs: playing.durationMs }),
        });
        return;
      }
      case 'cancelTurn': {
        cancelled.add(effect.turn);
        const work = workOf(effect.turn);
        works = works.filter((other) => other !== work);
        const playing = work?.clips.find(({ state }) => state === 'playing');
        stopping.push({
          type: 'playback.stopped',
          turn: effect.turn,
          clause: playing?.index ?? -1,
          playedMs: playing?.playedMs ?? 0,
          ...(playing === undefined ? {} : { durationMs: playing.durationMs }),
        });
        return;
      }
      case 'duck':
      case 'unduck':
      case 'setPlayback':
        return;
    }
  }

  /** What the person has heard of a running turn, from the clips alone. */
  function heard(turn: number): string {
    const work = workOf(turn);
    if (work === undefined) return '';
    let text = '';
    for (const [index, clause] of work.clauses.entries()) {
      const clip = work.clips.find((each) => each.index === index);
      const silent = clip === undefined || clip.state === 'ended' || clip.state === 'failed';
      if (silent) text += clause.text;
      else
        return (
          text + (clip.state === 'playing' ? heardText(clause, clip.playedMs, clip.durationMs) : '')
        ).trim();
    }
    return text.trim();
  }

  function speechFact(): Fact | undefined {
    if (!microphone || muted) {
      if (speech === undefined) return undefined;
      const { id } = speech;
      speech = undefined;
      return { type: 'speech.misfire', utterance: id };
    }
    if (speech === undefined) {
      speech = {
        id: nextUtterance,
        state: 'open',
        confirmed: false,
        transcribing: false,
        unsettled: 0,
        settled: 0,
      };
      nextUtterance += 1;
      return { type: 'speech.started', utterance: speech.id, speechMs: nowMs, ...(hears && { hears }) };
    }
    const { id: utterance } = speech;
    if (!speech.confirmed) {
      if (random.chance(0.3)) {
        speech = undefined;
        return { type: 'speech.misfire', utterance };
      }
      speech.confirmed = true;
      return { type: 'speech.confirmed', utterance };
    }
    if (speech.state === 'open') {
      speech.state = 'paused';
      speech.unsettled += 1;
      return { type: 'speech.paused', utterance, speechMs: nowMs - 200 };
    }
    if (random.chance(0.6)) {
      speech.state = 'open';
      return { type: 'speech.resumed', utterance, speechMs: nowMs };
    }
    finishing.push({ ...speech, state: 'closed' });
    speech = undefined;
    return { type: 'speech.ended', utterance, speechMs: nowMs - 200 };
  }

  function transcriptFact(): Fact | undefined {
    const candidates = [...finishing, ...(speech === undefined ? [] : [speech])].filter(
      (each) => each.transcribing,
    );
    if (candidates.length === 0) return undefined;
    const chosen = random.pick(candidates);
    const utterance = chosen.id;
    if (random.chance(0.03)) {
      chosen.transcribing = false;
      return { type: 'recognition.failed', utterance, error: new AppError('worker.died', 'It stopped.') };
    }
    if (chosen.unsettled > 0 && random.chance(0.7)) {
      chosen.unsettled -= 1;
      chosen.settled += 1;
      const text = random.chance(0.15)
        ? ''
        : random.pick([`utterance ${utterance} words ${chosen.settled}`, 'Stop.', 'Go on.', 'Uh huh.']);
      return { type: 'transcript.updated', utterance, text, pauses: chosen.settled };
    }
    return { type: 'transcript.updated', utterance, text: `utterance ${utterance} so far`, pauses: 0 };
  }

  function verdictFact(): Fact | undefined {
    if (judged === undefined) return undefined;
    const { utterance, pauses } = judged;
    const final = judged.told;
    if (final) judged = undefined;
    return { type: 'turn.judged', utterance, pauses, probability: random.next(), final };
  }

  function replyFact(): Fact | undefined {
    const work = works.at(-1);
    if (work === undefined) return undefined;
    const { turn } = work;
    if (work.tools > 0 && random.chance(0.5)) {
      work.tools -= 1;
      return {
        type: 'tool.finished',
        turn,
        call: { id: 't', name: 'get_time', arguments: {} },
        content: '{}',
      };
    }
    if (!work.generating) return undefined;
    if (random.chance(0.03)) {
      work.generating = false;
      return { type: 'reply.failed', turn, error: new AppError('engine.failed', 'It stopped.') };
    }
    if (work.toolsLeft > 0) {
      work.toolsLeft -= 1;
      const call = { id: 't', name: 'get_time', arguments: {} };
      return { type: 'reply.toolCall', turn, call, sideEffect: random.chance(0.5) };
    }
    if (work.partsLeft > 0) {
      work.partsLeft -= 1;
      const text = random.pick(words);
      const speechText = text.startsWith('```') ? '' : text.trim();
      const clause = { text, speech: speechText, start: 0, end: text.length };
      pending.push({ type: 'reply.clause', turn, clause });
      return { type: 'reply.delta', turn, text };
    }
    work.generating = false;
    return { type: 'reply.ended', turn };
  }

  const pending: Extract<Fact, { type: 'reply.clause' }>[] = [];

  function playFact(): Fact | undefined {
    const work = works.find(({ released }) => released);
    const clip = work?.clips.find(({ state }) => state === 'buffering' || state === 'playing');
    if (work === undefined || clip === undefined) return undefined;
    const { turn } = work;
    const clause = clip.index;
    if (clip.state === 'buffering') {
      if (random.chance(0.05)) {
        clip.state = 'failed';
        return { type: 'clip.failed', turn, clause, code: 'engine.failed', message: 'It stopped.' };
      }
      clip.state = 'playing';
      return { type: 'clip.started', turn, clause, atMs: nowMs } as Fact;
    }
    clip.playedMs += 50 + random.below(600);
    if (clip.playedMs < clip.durationMs) {
      return { type: 'clip.progress', turn, clause, playedMs: clip.playedMs, durationMs: clip.durationMs };
    }
    clip.state = 'ended';
    return { type: 'clip.ended', turn, clause, durationMs: clip.durationMs };
  }

  return {
    violations,
    perform,
    heard,
    /** The next thing that happens, or nothing where the chosen actor has nothing to do. */
    next(): Fact | undefined {
      nowMs += random.below(100);
      const clause = pending.shift();
      const written = clause === undefined ? undefined : workOf(clause.turn);
      if (clause !== undefined && written !== undefined) {
        written.clauses.push(clause.clause);
        return clause;
      }
      const stopped = stopping.shift();
      if (stopped !== undefined) return stopped;
      const dice = random.next();
      if (dice < 0.3) return speechFact();
      if (dice < 0.46) return transcriptFact();
      if (dice < 0.5) return verdictFact();
      if (dice < 0.75) return replyFact();
      if (dice < 0.95) return playFact();
      const wait = random.pick(['endpoint', 'progress', 'silence'] as const);
      if (!waits.has(wait) || (wait !== 'endpoint' && random.chance(0.9))) return undefined;
      waits.delete(wait);
      return { type: 'wait.elapsed', wait };
    },
    /** The device is gone, and with it whatever it was hearing. */
    loseMicrophone(): void {
      microphone = false;
      speech = undefined;
    },
    /** The next event of an utterance that comes to its end; nothing when nobody speaks. */
    fallSilent(): Fact | undefined {
      if (speech === undefined) return undefined;
      if (speech.confirmed) speech.state = 'paused';
      const { id: utterance, confirmed } = speech;
      if (confirmed) finishing.push({ ...speech, state: 'closed', unsettled: speech.unsettled + 1 });
      speech = undefined;
      return confirmed
        ? { type: 'speech.ended', utterance, speechMs: nowMs - 200 }
        : { type: 'speech.misfire', utterance };
    },
    elapse(wait: WaitName): Fact | undefined {
      return waits.delete(wait) ? { type: 'wait.elapsed', wait } : undefined;
    },
    nowMs: () => nowMs,
  };
}

export type World = ReturnType<typeof createWorld>;
