import { espeakInfo, ruleDetectorInfo, sileroInfo } from '../stages/built-in.ts';
import type { StageInfo } from '../stages/stage.ts';
import { keyOf, objectionsTo, speaks } from './fit.ts';
import type { Objection } from './fit.ts';
import type {
  Candidate,
  Part,
  PassedOver,
  PlacedStage,
  Plan,
  PlanInput,
  ServerOffer,
  StagePlan,
} from './plan.ts';
import { inOrder } from './rank.ts';
import { whyFirst } from './reasons.ts';

/** A part with what speaks against it. */
interface Weighed {
  part: Part;
  objections: readonly Objection[];
}

/**
 * Where every stage runs, what takes over when it fails, and why. Depends on nothing but its input; a stage without any
 * candidate has an empty chain.
 */
export function makePlan(input: PlanInput): Plan {
  return {
    vad: builtIn(sileroInfo, 'It comes with the page and is small: the processor is quicker for it.'),
    turn: turnPlan(input),
    stt: modelPlan('stt', input),
    llm: modelPlan('llm', input),
    tts: voicePlan(input),
  };
}

function builtIn(info: StageInfo, reason: string): StagePlan {
  return { chain: [builtInCandidate(info, reason)], passedOver: [] };
}

function builtInCandidate({ id, model }: StageInfo, reason: string): Candidate {
  return { key: id, model: id, name: model, place: 'wasm', parts: [], reason };
}

/** eSpeak always works: it stands last, or first where the person wants it or wants little. */
function voicePlan(input: PlanInput): StagePlan {
  const plan = modelPlan('tts', input);
  const espeak = builtInCandidate(
    espeakInfo,
    'It comes with the page and speaks every language that Parley does.',
  );
  if (input.choices.tts?.model === espeak.model && input.choices.tts.place !== 'server')
    return { ...plan, chain: [{ ...espeak, reason: 'You chose it.' }, ...plan.chain] };
  const [first] = plan.chain;
  const wantsLittle = input.prefer === 'smallest' || input.tier === 'smallest';
  const chosen = first?.model === input.choices.tts?.model;
  return { ...plan, chain: wantsLittle && !chosen ? [espeak, ...plan.chain] : [...plan.chain, espeak] };
}

/** Two models judge together, by the sound and by the words, and both are small. Without one of them, rules do. */
function turnPlan(input: PlanInput): StagePlan {
  const [audio, text] = (['turn-audio', 'turn-text'] as const).map((stage) =>
    inOrder(
      partsOf(stage, input).filter(
        (part) => part.variant.device === 'wasm' && objectionsTo(part, 'turn', input).length === 0,
      ),
      input,
    ).at(0),
  );
  const rules = builtInCandidate(ruleDetectorInfo, 'They go by the words and need no model.');
  if (audio === undefined || text === undefined) return { chain: [rules], passedOver: [] };
  const pair: Candidate = {
    key: `${keyOf(audio)} + ${keyOf(text)}`,
    model: audio.model.id,
    name: `${audio.model.name} and ${text.model.name}`,
    place: 'wasm',
    parts: [audio, text],
    reason: 'They are small: the processor is quicker for them.',
  };
  return { chain: [pair, rules], passedOver: [] };
}

function modelPlan(stage: 'stt' | 'llm' | 'tts', input: PlanInput): StagePlan {
  const weighed = inOrder(partsOf(stage, input), input).map((part): Weighed => ({
    part,
    objections: objectionsTo(part, stage, input),
  }));
  const chain = chainOf(weighed, stage, input);
  const used = new Set(chain.map(({ part }) => part));
  const { chosen, offered, refused } = serversFor(stage, input);
  const candidates = chain.map(({ part, objections }, index) => {
    const position = chosen === undefined ? index : index + 1;
    return toCandidate(
      part,
      whyFirst({ part, position, objections, stage, input, chosen: isChosen(part, stage, input) }),
    );
  });
  const first = chain[0];
  const kept = first !== undefined && isChosen(first.part, stage, input) ? 1 : 0;
  const all = [...candidates.slice(0, kept), ...bySpeed(offered, candidates.slice(kept), input)];
  return {
    chain: chosen === undefined ? all : [{ ...chosen, reason: 'You chose it.' }, ...all],
    passedOver: [...refused, ...weighed.filter(({ part }) => !used.has(part)).map(passOver)],
  };
}

/** What a server offers for a stage: the one that the person chose, those that may serve, and those that may not. */
function serversFor(stage: 'stt' | 'llm' | 'tts', input: PlanInput) {
  const servers = input.offers.filter((offer) => offer.stage === stage);
  const weighed = servers.map((offer) => ({ offer, objection: objectionToServer(offer, input) }));
  const choice = input.choices[stage];
  const wanted = weighed.find(
    ({ offer, objection }) =>
      choice?.place === 'server' && choice.model === offer.id && objection?.kind !== 'impossible',
  );
  return {
    chosen: wanted && serverCandidate(wanted.offer),
    offered: weighed.filter((each) => each !== wanted && !each.objection).map(({ offer }) => offer),
    refused: weighed.flatMap((each): PassedOver[] => {
      if (each === wanted || each.objection === undefined) return [];
      const { kind, reason } = each.objection;
      const { parts: _none, ...rest } = serverCandidate(each.offer);
      return [{ ...rest, reason, reasons: 1, possible: kind === 'unwise' }];
    }),
  };
}

/** What was said leaves the device for speed, or because the person chose so, and for nothing else. */
function objectionToServer(offer: ServerOffer, input: PlanInput): Objection | undefined {
  const known = input.models.find(({ id }) => id === offer.id);
  if (offer.stage === 'tts' && known !== undefined && !speaks(known, input.language))
    return { kind: 'impossible', reason: 'It does not speak your language.' };
  if (input.prefer !== 'fastest')
    return { kind: 'unwise', reason: 'You want what you say to stay on this device.' };
  if (offer.id === espeakInfo.id)
    return { kind: 'unwise', reason: 'The same voice comes with the page, and needs no way there and back.' };
  return undefined;
}

/**
 * Those that nothing speaks against, in order. Where all of them need the graphics chip, something follows that does
 * not, wise or not; and where there is none at all, the least unwise serves. The voice has eSpeak for both.
 */
function chainOf(weighed: readonly Weighed[], stage: PlacedStage, input: PlanInput): Weighed[] {
  const possible = weighed.filter(({ objections }) => objections.every(({ kind }) => kind === 'unwise'));
  const fitting = possible.filter(({ objections }) => objections.length === 0);
  const leastUnwise = possible.toSorted((a, b) => a.objections.length - b.objections.length);
  const chain = [...fitting];
  if (stage !== 'tts') {
    if (chain.length === 0) chain.push(...leastUnwise.slice(0, 1));
    const spare = leastUnwise.find(({ part }) => part.variant.device === 'wasm');
    if (spare !== undefined && chain.every(({ part }) => part.variant.device === 'webgpu')) chain.push(spare);
  }
  const chosen = possible.find(({ part }) => isChosen(part, stage, input));
  return chosen === undefined ? chain : [chosen, ...chain.filter((each) => each !== chosen)];
}

/** After a crash at the start the person's choice may be what crashed. */
function isChosen({ model, variant }: Part, stage: PlacedStage, { choices, tier }: PlanInput): boolean {
  const choice = choices[stage];
  return tier === 'full' && choice?.model === model.id && choice.place === variant.device;
}

function partsOf(stage: Part['model']['stages'][number], { models }: PlanInput): Part[] {
  return models
    .filter((model) => model.stages.includes(stage))
    .flatMap((model) => model.variants.map((variant) => ({ model, variant })));
}

function toCandidate(part: Part, reason: string): Candidate {
  const { model, variant } = part;
  return {
    key: keyOf(part),
    model: model.id,
    name: model.name,
    place: variant.device,
    parts: [part],
    reason,
  };
}

function serverCandidate({ id, name }: ServerOffer): Candidate {
  return { key: serverKey(id), model: id, name, place: 'server', parts: [], reason: '' };
}

function serverKey(id: string): string {
  return `${id} server`;
}

/**
 * A server goes before the first model here that is slower than it, or that knows everyday phrases only where the
 * server's knows more. Models that were never measured count as quicker.
 */
function bySpeed(
  offers: readonly ServerOffer[],
  candidates: readonly Candidate[],
  { speeds, models }: PlanInput,
): Candidate[] {
  const chain = [...candidates];
  for (const offer of offers) {
    const server = serverCandidate(offer);
    const delayMs = speeds[server.key]?.delayMs ?? offer.delayMs;
    const isDemo = models.find(({ id }) => id === offer.id)?.quality === 'demo';
    const at = chain.findIndex(
      ({ key, parts: [part] }) =>
        (speeds[key]?.delayMs ?? 0) > delayMs || (!isDemo && part?.model.quality === 'demo'),
    );
    const reason =
      at < 0
        ? 'It takes over where the one before fails.'
        : 'The server answers sooner, or knows more, than what is here.';
    chain.splice(at < 0 ? chain.length : at, 0, { ...server, reason });
  }
  return chain;
}

function passOver({ part, objections }: Weighed): PassedOver {
  const { reason: _none, parts: _parts, ...rest } = toCandidate(part, '');
  const [gravest] = objections;
  return {
    ...rest,
    reason: gravest?.reason ?? 'Another one serves better here.',
    reasons: objections.length,
    possible: objections.every(({ kind }) => kind === 'unwise'),
  };
}
