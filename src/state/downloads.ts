import type { Download, Offer } from '../../core/models/downloads.ts';
import type { ListedModel } from '../../core/models/listing.ts';
import type { Source } from '../../core/models/source.ts';
import { nameOfSource } from '../../core/models/source.ts';
import type { GpuFeatures } from '../models/gpu-features.ts';
import type { Space } from '../models/space.ts';
import { formatBytes, formatSecondsLeft } from './format.ts';
import type { DownloadStatus } from './model-store.ts';

export interface OfferGroup {
  label: string;
  offers: Offer[];
}

const groupLabels: Record<ListedModel['stages'][number], string> = {
  stt: 'Recognition',
  llm: 'Answers',
  tts: 'Voice',
  'turn-audio': 'Turn-taking',
  'turn-text': 'Turn-taking',
};

/** The offers by what they are for, in the order of a turn. A model of two stages stands with its first. */
export function groupOffers(offers: readonly Offer[]): OfferGroup[] {
  const groups = new Map([...new Set(Object.values(groupLabels))].map((label) => [label, [] as Offer[]]));
  for (const offer of offers) groups.get(groupLabels[offer.model.stages[0]!])?.push(offer);
  return [...groups]
    .map(([label, members]) => ({ label, offers: members }))
    .filter((group) => group.offers.length > 0);
}

/** Whether this browser has what the variant needs. */
export function runsHere({ needs }: Download, gpu: GpuFeatures | undefined): boolean {
  return (!needs.webgpu || gpu !== undefined) && (!needs.shaderF16 || gpu?.shaderF16 === true);
}

/** "Apache-2.0 · English, German, French and 5 more" */
export function describeModel({ licence, languages }: ListedModel): string {
  return `${licence} · ${describeLanguages(languages)}`;
}

const NAMED_LANGUAGES = 3;

function describeLanguages(tags: readonly string[]): string {
  if (tags.includes('mul')) return 'many languages';
  const names = new Intl.DisplayNames('en', { type: 'language' });
  const known = tags.slice(0, NAMED_LANGUAGES).map((tag) => names.of(tag) ?? tag);
  const more = tags.length - known.length;
  return more > 0 ? `${known.join(', ')} and ${more} more` : known.join(', ');
}

/** "Processor, 41.0 MB" */
export function describeVariant({ device, bytes }: Download): string {
  return `${device === 'wasm' ? 'Processor' : 'Graphics chip'}, ${formatBytes(bytes)}`;
}

/** "37.0 MB of 100 MB · 2.4 MB/s · about 30 seconds left", as far as it is known. */
export function describeProgress({ download, presentBytes, bytesPerSecond }: DownloadStatus): string {
  const parts = [`${formatBytes(presentBytes)} of ${formatBytes(download.bytes)}`];
  if (bytesPerSecond === 0) parts.push('nothing comes at the moment');
  if (bytesPerSecond !== undefined && bytesPerSecond > 0) {
    const left = (download.bytes - presentBytes) / bytesPerSecond;
    parts.push(`${formatBytes(bytesPerSecond)}/s`, formatSecondsLeft(left));
  }
  return parts.join(' · ');
}

/** What stands below a variant that is not being fetched. */
export function describeState({ state, presentBytes, download, error }: DownloadStatus): string | undefined {
  const part = `${formatBytes(presentBytes)} of ${formatBytes(download.bytes)} are here`;
  if (state === 'failed') return presentBytes > 0 ? `${error} (${part}.)` : error;
  if (state === 'paused') return `Paused: ${part}.`;
  if (state === 'lost')
    return 'It was kept here and is gone: browsers take files away when room gets short, and when their data is cleared. Download it again to use it.';
  return undefined;
}

export function describeSpace({ usedBytes, freeBytes, persisted }: Space): string {
  const room = `This page uses ${formatBytes(usedBytes)} on this device; the browser speaks of room for ${formatBytes(freeBytes)} more.`;
  return persisted ? room : `${room} When the disk runs low it may take models away again.`;
}

/** Why a source cannot be used, or what choosing it means. */
export function describeSource(source: Source, allowed: boolean): string {
  const name = nameOfSource(source);
  if (source.kind === 'site') return 'Models come from the server that this page came from.';
  return allowed
    ? `Models come from ${name}, which learns this device’s address and what is downloaded. What you say still stays here.`
    : `This page may not fetch from ${name}. Whoever runs this site can allow it with MODEL_SOURCES.`;
}
