import { parseArgs } from 'node:util';
import { AppError } from '../../core/errors.ts';

export const usage = `Usage: npm run models -- COMMAND

  list                        every model, and whether it is here
  pull ID…                    fetches models; a pull that was stopped goes on where it was
  pull --profile NAME         fetches all models of a profile
  verify [ID…]                compares every file with what was recorded at the first pull
  bundle FILE [ID…]           writes an archive of the models that are here, or of these
  unbundle FILE               unpacks such an archive
  serve-as-hub                lets another Parley pull from this one

  --hub URL                   pulls from there, and from nowhere else (or PARLEY_HUB)
  --host ADDRESS              where serve-as-hub listens; localhost unless given
  --port NUMBER               8788 unless given

HF_TOKEN is sent to huggingface.co for models that want a login.
`;

/** A command line, understood. */
export type Command =
  | { name: 'list' }
  | { name: 'pull'; ids: string[]; profile?: string; hub?: string }
  | { name: 'verify'; ids: string[] }
  | { name: 'bundle'; file: string; ids: string[] }
  | { name: 'unbundle'; file: string }
  | { name: 'serve-as-hub'; host: string; port: number };

const options = {
  profile: { type: 'string' },
  hub: { type: 'string' },
  host: { type: 'string' },
  port: { type: 'string' },
} as const;

type Option = keyof typeof options;

/** Which options each command knows. */
const known: Readonly<Record<Command['name'], readonly Option[]>> = {
  list: [],
  pull: ['profile', 'hub'],
  verify: [],
  bundle: [],
  unbundle: [],
  'serve-as-hub': ['host', 'port'],
};

/** @throws AppError `input.invalid`, saying what is wrong */
export function parseCommand(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Command {
  const { positionals, values } = parse(argv);
  const [name, ...rest] = positionals;
  const command = Object.keys(known).find((each): each is Command['name'] => each === name);
  if (command === undefined)
    throw wrong(name === undefined ? 'Say what to do.' : `There is no command ${name}.`);
  for (const option of Object.keys(values) as Option[])
    if (!known[command].includes(option)) throw wrong(`${command} has no option --${option}.`);
  switch (command) {
    case 'list':
      none(command, rest);
      return { name: command };
    case 'pull': {
      const { profile } = values;
      if ((rest.length === 0) === (profile === undefined)) throw wrong('pull takes models or a profile.');
      const hub = values.hub ?? (env['PARLEY_HUB'] || undefined);
      if (hub !== undefined && !/^https?:$/.test(URL.parse(hub)?.protocol ?? ''))
        throw wrong(`${hub} is no web address.`);
      return {
        name: command,
        ids: rest,
        ...(profile && { profile }),
        ...(hub && { hub }),
      };
    }
    case 'verify':
      return { name: command, ids: rest };
    case 'bundle':
    case 'unbundle': {
      const [file, ...ids] = rest;
      if (file === undefined) throw wrong(`${command} takes the name of the archive.`);
      if (command === 'bundle') return { name: command, file, ids };
      none(command, ids);
      return { name: command, file };
    }
    case 'serve-as-hub': {
      none(command, rest);
      const port = Number(values.port ?? 8788);
      if (!/^\d+$/.test(values.port ?? '0') || port > 65_535)
        throw wrong('--port is a number from 0 to 65535.');
      return { name: command, host: values.host ?? 'localhost', port };
    }
  }
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options, allowPositionals: true, strict: true });
  } catch (error) {
    throw wrong(error instanceof Error ? error.message : String(error));
  }
}

function none(command: string, rest: readonly string[]): void {
  if (rest.length > 0) throw wrong(`${command} takes nothing after it but options.`);
}

function wrong(message: string): AppError {
  return new AppError('input.invalid', message);
}
