/**
 * Compiles program.wasm from the C beside it, with clang and wasm-ld 14 or newer (Debian: clang, lld). The result is
 * committed, so that nobody needs them to run the tests; it carries a hash of its sources.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hashSources, PROGRAM_FILE, SOURCES_SECTION } from './program.ts';

const clang = process.argv[2] ?? 'clang';
const options = ['--target=wasm32', '-Oz', '-nostdlib', '-ffreestanding', '-fno-builtin', '-Wall'];
const linking = ['-Wl,--no-entry', '-Wl,--strip-all', '-Wl,-z,stack-size=65536'];
const sources = ['memory.c', 'ffi.c', 'tensors.c', 'model.c'].map((name) => join(import.meta.dirname, name));

execFileSync(clang, [...options, ...linking, '-o', PROGRAM_FILE, ...sources], { stdio: 'inherit' });
const name = Buffer.from(SOURCES_SECTION);
const content = Buffer.concat([Buffer.from([name.length]), name, Buffer.from(hashSources())]);
writeFileSync(
  PROGRAM_FILE,
  Buffer.concat([readFileSync(PROGRAM_FILE), Buffer.from([0, content.length]), content]),
);
