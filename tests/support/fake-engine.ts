/**
 * An engine as a program of its own, with the doors of OpenAI. Its environment says how it behaves: PORT; NAME, which it
 * answers with; START_MS before it is ready; CARD, a file in which each engine notes what it takes of a card, and CARD_MB,
 * beyond which it is full; SIZE_MB; FAILS, with which it ends at once; WORKER, which has it start a process of its own.
 */
import { spawn } from 'node:child_process';
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';

const {
  PORT = '0',
  NAME = 'engine',
  START_MS = '0',
  CARD,
  CARD_MB = '0',
  SIZE_MB = '0',
  FAILS,
  WORKER,
} = process.env;

if (FAILS !== undefined) {
  process.stderr.write(`${'.'.repeat(5000)}${FAILS}\n`);
  process.exit(1);
}

function note(megabytes: number): void {
  if (CARD !== undefined) appendFileSync(CARD, `${NAME} ${megabytes} ${process.pid}\n`);
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** What a process that was killed had taken is free. */
function taken(card: string): number {
  const lines = existsSync(card) ? readFileSync(card, 'utf8').trim().split('\n') : [];
  return lines.reduce((sum, line) => {
    const [, megabytes, pid] = line.split(' ');
    return isAlive(Number(pid)) ? sum + Number(megabytes) : sum;
  }, 0);
}

if (CARD !== undefined) {
  if (taken(CARD) + Number(SIZE_MB) > Number(CARD_MB)) {
    process.stderr.write('torch.OutOfMemoryError: CUDA out of memory.\n');
    process.exit(1);
  }
  note(Number(SIZE_MB));
  process.on('exit', () => note(-Number(SIZE_MB)));
}
process.on('SIGTERM', () => process.exit(0));

const worker = WORKER
  ? spawn(process.execPath, ['-e', 'process.on("SIGTERM", () => {}); setInterval(() => {}, 1000)'], {
      stdio: 'ignore',
    })
  : undefined;

function chat(response: ServerResponse): void {
  const choice = (delta: object, finish: string | null): string =>
    `data: ${JSON.stringify({ choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`;
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.write(choice({ role: 'assistant', content: `This is ${NAME}.` }, null));
  response.end(`${choice({}, 'stop')}data: [DONE]\n\n`);
}

function serve(request: IncomingMessage, response: ServerResponse): void {
  request.resume();
  request.on('end', () => {
    if (request.url === '/health') response.writeHead(200).end();
    else if (request.url === '/v1/chat/completions') chat(response);
    else if (request.url === '/v1/audio/speech') {
      response.writeHead(200, { 'content-type': 'audio/pcm' }).end(Buffer.alloc(4800, NAME.slice(0, 1)));
    } else if (request.url === '/v1/audio/transcriptions') {
      response.writeHead(200, { 'content-type': 'application/json' }).end(`{"text":"This is ${NAME}."}`);
    } else if (request.url === '/env') response.end(JSON.stringify(Object.keys(process.env)));
    else if (request.url === '/worker') response.end(String(worker?.pid));
    else response.writeHead(404).end();
  });
}

setTimeout(() => createServer(serve).listen(Number(PORT), '127.0.0.1'), Number(START_MS));
