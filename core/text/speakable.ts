import { dropFences } from './fences.ts';
import { plainLines } from './markdown-lines.ts';
import { symbolWords, type SymbolWords } from './symbol-words.ts';
import type { Language } from '../settings/settings.ts';

/** Stands where something was dropped until the spaces around it are put right; control characters never get in. */
const GAP = '\u0001';

/** C0 and C1 controls save tab and line feed, zero-width space, word joiner, byte order mark; not the joiners Hindi needs. */
// oxlint-disable-next-line no-control-regex
const INVISIBLE = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b\u2060\ufeff]/g;

const EMOJI =
  /[\p{RI}\p{Extended_Pictographic}\p{EMod}](?:[\p{RI}\p{Extended_Pictographic}\p{EMod}]|\u200d|[\ufe0f\u20e3]|[\u{e0020}-\u{e007f}])*/gu;

/** What emoji leave behind: keycap and presentation marks, tags. */
const EMOJI_PARTS = /[\ufe0e\ufe0f\u20e3\u{e0020}-\u{e007f}]/gu;

const EMOTICON = /(?<=^|\s)(?:[:;=]['’]?-?[)(DPpOo|]|<\/?3|\^_?\^|-_-|¯\\_\(ツ\)_\/¯)(?=$|[\s.,!?])/gmu;

const URL = /(?:(?:https?|ftp):\/\/|www\.)[^\s<>]+/giu;

/** Words, commas between them and one mark at the end: what most clauses are, and what needs no more than its ends cut. */
const PLAIN = /^\s*[a-z0-9]+(?:'[a-z]+)?(?:,? [a-z0-9]+(?:'[a-z]+)?)*[.?!]?\s*$/i;

const EMPTY_BRACKETS = new RegExp(`\\(\\s*${GAP}[\\s${GAP}]*\\)`, 'g');
const GAP_BEFORE_MARK = new RegExp(`\\s*${GAP}[\\s${GAP}]*(?=[.,;:!?)…।]|$)`, 'g');
const GAPS = new RegExp(`[\\s${GAP}]*${GAP}[\\s${GAP}]*`, 'g');

const ENTITIES: Record<string, string> = { nbsp: ' ', amp: '&', quot: '"', '#39': "'", apos: "'" };

/**
 * What the voice says of a piece of a reply: plain words. Markdown markers, tags, emoji, emoticons and footnote marks
 * go, links and inline code leave their words, table cells become a list; addresses (`https://…`, `www.…`) and code
 * fences are left out whole. Plain text on one line is unchanged. Never holds `` ` * _ # | < > ``, "http" or an emoji;
 * empty when nothing is left to say.
 */
export function speakable(text: string, language: Language): string {
  // All that follows takes half a millisecond where it runs now and then only, and a reply's first clause is waited for.
  if (PLAIN.test(text) && !/http/i.test(text)) return text.trim();
  const words = symbolWords[language];
  const prose = dropFences(text.replace(INVISIBLE, ''));
  const said = signsToWords(markersOff(plainLines(inlineOff(prose))), words)
    .replace(/[`*#|<>]|~~/g, '')
    .replace(/_+/g, ' ')
    .replace(/http(s?)/gi, (_, secure: string) => (secure ? 'H T T P S' : 'H T T P'));
  const tidied = tidy(said);
  return /[\p{L}\p{N}]/u.test(tidied) ? tidied : '';
}

/** Links to their labels; addresses, tags, footnote marks and emoji to gaps. */
function inlineOff(text: string): string {
  return text
    .replace(/<!--[\s\S]*?-->|<(?:https?:|mailto:)[^<>\s]*>/gi, GAP)
    .replace(/^[ \t]*\[\^[^\]\s]+\]:?|\[\^[^\]\s]+\]|(?<=\S)\[\d+\]/gm, GAP)
    .replace(
      /!?\[([^[\]]*)\](?:\([^()\s]*(?:\([^()\s]*\)[^()\s]*)*(?:\s+["'][^"'\n]*["'])?\)|\[[^[\]]*\])/g,
      '$1',
    )
    .replace(/\]\([^()\s]*(?:\([^()\s]*\)[^()\s]*)*\)/g, '')
    .replace(URL, dropAddress)
    .replace(/\bmailto:/gi, '')
    .replace(EMOTICON, GAP)
    .replace(/<\/?[a-z][^<>]*>/gi, (tag) => (/^<\/?(?:br|p|div|li|tr|td|h\d)\b/i.test(tag) ? ' ' : ''))
    .replace(/&(nbsp|amp|quot|#39|apos);/g, (_, name: string) => ENTITIES[name] ?? '')
    .replace(EMOJI, (match) => (/^[©®™]$/.test(match) ? '' : GAP))
    .replace(EMOJI_PARTS, '');
}

/** An address goes; the punctuation after it stays. */
function dropAddress(address: string): string {
  const closing = address.includes('(') ? /[.,;:!?"'”’»*_`\]]+$/ : /[.,;:!?"'”’»*_`\])]+$/;
  return GAP + (closing.exec(address)?.[0] ?? '');
}

/** Pairs of emphasis marks and brackets around words. */
function markersOff(text: string): string {
  return text
    .replace(/\\([\\`*_{}[\]()#+\-.!|<>~])/g, '$1')
    .replace(/(?<![\p{L}\p{N}*)])(\*{1,3})(?=[^\s*])([^*\n]*[^\s*])\1(?![\p{L}\p{N}*(])/gu, '$2')
    .replace(/(?<![\p{L}\p{N}])_+|_+(?![\p{L}\p{N}])/gu, '')
    .replace(/[[\]]/g, '');
}

function signsToWords(text: string, words: SymbolWords): string {
  return text
    .replace(/\s*(?:[-=]+>|<[-=]+|[→⇒←⇐])\s*/g, ', ')
    .replace(
      /(?<=[\p{Nd})])\s*\*\s*(?=[\p{Nd}(])|(?<=[\p{L}\p{N})]) \* (?=[\p{L}\p{N}(])/gu,
      ` ${words.times} `,
    )
    .replace(/(?<=\p{Nd})\s*<=?\s*(?=\p{Nd})|(?<=\S) <=? (?=\S)/gu, ` ${words.less} `)
    .replace(/(?<=\p{Nd})\s*>=?\s*(?=\p{Nd})|(?<=\S) >=? (?=\S)/gu, ` ${words.greater} `)
    .replace(/(?<![\p{L}\p{N}])#(?=\p{Nd})/gu, `${words.number} `);
}

/** Collapses repeated punctuation and puts right the spaces where something was dropped. */
function tidy(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .replace(/!{2,}/g, '!')
    .replace(/\?{2,}/g, '?')
    .replace(/[!?]{3,}/g, '?!')
    .replace(/\.{4,}/g, '...')
    .replace(/…{2,}/g, '…')
    .replace(/([,;:])\1+/g, '$1')
    .replace(/-{2,}/g, '—')
    .replace(/={2,}/g, '=')
    .replace(EMPTY_BRACKETS, GAP)
    .replace(GAP_BEFORE_MARK, '')
    .replace(GAPS, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}
