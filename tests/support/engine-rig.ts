import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ProcessConfig, UpstreamConfig } from '../../server/config/schema.ts';
import { quietPort } from './free-port.ts';

/** An engine that is declared, and how to call it. */
export interface RigEngine {
  process: ProcessConfig;
  stage: UpstreamConfig;
  port: number;
}

/** A card of which only the notes exist, and engines that keep them. */
export interface EngineRig {
  /** @param sizeMb what it takes in truth; it is declared with `declaredMb`, the same when absent */
  engine(
    name: string,
    sizeMb: number,
    rest?: { declaredMb?: number; env?: Record<string, string> },
  ): RigEngine;
  /** Names of the engines that came and went, as they noted it: "+mistral", "-mistral". */
  notes(): string[];
  remove(): void;
}

const program = fileURLToPath(new URL('./fake-engine.ts', import.meta.url));

/** @param cardMb beyond which an engine that starts finds the card full */
export function createEngineRig(cardMb: number): EngineRig {
  const folder = mkdtempSync(join(tmpdir(), 'parley-card-'));
  const card = join(folder, 'card');
  return {
    engine(name, sizeMb, { declaredMb = sizeMb, env = {} } = {}) {
      const port = quietPort();
      return {
        port,
        process: {
          command: [process.execPath, program],
          env: {
            PORT: String(port),
            NAME: name,
            SIZE_MB: String(sizeMb),
            CARD: card,
            CARD_MB: String(cardMb),
            ...env,
          },
          healthUrl: `http://127.0.0.1:${port}/health`,
          startTimeoutMs: 60_000,
          vramMb: declaredMb,
          restart: 'on-demand',
        },
        stage: {
          engine: 'openai',
          url: `http://127.0.0.1:${port}/v1`,
          model: name,
          timeoutMs: 60_000,
          process: name,
        },
      };
    },
    notes() {
      const lines = readFileSync(card, 'utf8').trim().split('\n');
      return lines.map((line) => {
        const [name = '', megabytes] = line.split(' ');
        return `${Number(megabytes) > 0 ? '+' : '-'}${name}`;
      });
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
