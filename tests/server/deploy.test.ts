import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { rooms } from '../../tools/rooms.ts';
import { readConfig } from '../../server/config.ts';
import { createMetrics } from '../../server/telemetry/metrics.ts';
import { quietPort } from '../support/free-port.ts';
import { scriptedEngines } from '../support/scripted-engines.ts';

const text = (path: string): string => readFileSync(path, 'utf8');
const dockerfile = text('deploy/Dockerfile').replaceAll('\\\n', ' ');
const instructions = [...dockerfile.matchAll(/^([A-Z]+)\s+(.*)$/gm)].map(
  ([, name = '', rest = '']) => [name, rest] as const,
);
const all = (wanted: string): string[] =>
  instructions.filter(([name]) => name === wanted).map(([, rest]) => rest);
const commandOf = (instruction: string): string[] =>
  JSON.parse(instruction.slice(instruction.indexOf('['))) as string[];

describe('the image', () => {
  const home = mkdtempSync(join(tmpdir(), 'parley-image-'));
  const port = String(quietPort());
  const env = { ...process.env, PORT: port, HOST: '127.0.0.1', PARLEY_DATA: home };
  const [start = '', ...startArguments] = commandOf(all('CMD').at(-1)!);
  const [check = '', ...checkArguments] = commandOf(all('HEALTHCHECK')[0]!);
  const healthOf = (): number | null => spawnSync(check, checkArguments, { env }).status;
  let server: ChildProcess;
  beforeAll(async () => {
    server = spawn(start, startArguments, { env, stdio: ['ignore', 'pipe', 'inherit'] });
    await new Promise((resolve) => server.stdout!.once('data', resolve));
  });
  afterAll(() => {
    server.kill('SIGKILL');
    rmSync(home, { recursive: true });
  });

  it('[DEPLOY-1] is built by the commands that a fresh clone is tested with', () => {
    const { scripts } = JSON.parse(text('package.json')) as { scripts: Record<string, string> };
    const runs = all('RUN').filter((command) => !command.startsWith('install -d '));
    expect(runs).toEqual(['npm ci', 'npm run build']);
    expect(text('.ci/run')).toContain('npm ci');
    expect(scripts['start']).toContain(scripts['build']);
    expect(scripts['start']).toContain(`node ${startArguments.join(' ')}`);
  });

  it('[DEPLOY-1] holds every room that the server imports, and nothing runs as root', () => {
    const copied = all('COPY').map((each) => each.split(/\s+/).at(-1)!.replace('./', ''));
    expect(copied).toEqual(expect.arrayContaining(['server', ...rooms['server']!.rooms, 'dist', 'public']));
    expect(all('USER').at(-1)).toMatch(/^[1-9]\d*:[1-9]\d*$/);
    expect(all('FROM').at(-1)).toMatch(/^nvidia\/cuda:12\..*cudnn-runtime/);
  });

  it('[DEPLOY-1] starts as it says, is well, and is ill once it stops', async () => {
    expect(healthOf()).toBe(0);
    server.kill('SIGTERM');
    await new Promise((resolve) => server.once('exit', resolve));
    expect(healthOf()).toBe(1);
  });
});

interface Service {
  environment?: Record<string, string>;
  ports?: string[];
  volumes?: string[];
  read_only?: boolean;
  cap_drop?: string[];
  build?: { dockerfile: string };
  depends_on?: Record<string, object>;
}

describe.each(['cpu', 'l4', 'gpu-48gb'])('the services for %s', (name) => {
  const { services } = parse(text(`deploy/compose.${name}.yaml`), { merge: true }) as {
    services: Record<string, Service>;
  };
  const parley = services['parley']!;

  it('[DEPLOY-2] give Parley nothing that it does not need, and open it to this machine only', () => {
    expect(parley).toMatchObject({ read_only: true, cap_drop: ['ALL'] });
    expect(parley.build?.dockerfile).toBe('deploy/Dockerfile');
    expect(parley.ports).toEqual(['${PARLEY_ADDRESS:-127.0.0.1}:8787:8787']);
    const open = Object.entries(services).filter(([, service]) => service.ports !== undefined);
    expect(open.map(([each]) => each)).toEqual(['parley']);
  });

  it('[DEPLOY-2] are those that its configuration calls, and start in an order', () => {
    const mounted = (parley.volumes ?? []).filter((each) => each.includes('/parley/parley.json'));
    const config =
      mounted.length === 0
        ? readConfig({ ...parley.environment })
        : readConfig({ PARLEY_CONFIG: `deploy/${mounted[0]!.split(':')[0]}` });
    const stages = [config.stages.stt, config.stages.llm, config.stages.tts].flat();
    const hosts = stages.flatMap((each) =>
      'engine' in each && each.engine === 'openai' ? [new URL(each.url).hostname] : [],
    );
    expect([...new Set(hosts)].toSorted()).toEqual(
      Object.keys(services)
        .filter((each) => each !== 'parley')
        .toSorted(),
    );
    // What runs in a container of its own is not started by Parley.
    expect(JSON.stringify(stages)).not.toContain('"process"');
    for (const service of Object.values(services))
      for (const needed of Object.keys(service.depends_on ?? {})) expect(services).toHaveProperty(needed);
  });
});

describe('what is watched', () => {
  const names = new Set<string>();
  beforeAll(async () => {
    const metrics = createMetrics();
    metrics.watch(scriptedEngines(), () => 0);
    for (const [, name = '', type] of (await metrics.text()).matchAll(/^# TYPE (\S+) (\S+)$/gm)) {
      const parts = type === 'histogram' ? ['_bucket', '_sum', '_count'] : [''];
      for (const part of parts) names.add(name + part);
    }
  });
  const metricsIn = (source: string): string[] => [...new Set(source.match(/\bparley_\w+/g))];
  const alerts = text('deploy/prometheus/alerts.yml');
  const dashboard = text('deploy/grafana/parley.json');

  it('[DEPLOY-3] are metrics that the server has', () => {
    expect(metricsIn(alerts).length).toBeGreaterThan(5);
    expect(metricsIn(dashboard).length).toBeGreaterThan(12);
    for (const name of [...metricsIn(alerts), ...metricsIn(dashboard)]) expect(names).toContain(name);
  });

  it('[DEPLOY-3] alarms about late answers, a full card, engines that are down and failures', () => {
    const { groups } = parse(alerts) as {
      groups: { rules: { alert: string; expr: string; annotations: { summary: string } }[] }[];
    };
    const rules = groups.flatMap((group) => group.rules);
    expect(new Set(rules.map(({ alert }) => alert)).size).toBe(rules.length);
    for (const { expr, annotations } of rules) {
      expect(expr.match(/\(/g)?.length).toBe(expr.match(/\)/g)?.length);
      expect(annotations.summary).toMatch(/\.$/);
    }
    const joined = rules.map(({ expr }) => expr).join('\n');
    for (const bound of ['> 2', '> 0.9', 'parley_stage_rank > 0', '> 0.05']) expect(joined).toContain(bound);
  });

  it('[DEPLOY-3] is drawn in panels that do not overlap', () => {
    const { panels } = JSON.parse(dashboard) as {
      panels: { id: number; gridPos: Record<'x' | 'y' | 'w' | 'h', number>; targets: { expr: string }[] }[];
    };
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    const places = panels.map(({ gridPos: { x, y } }) => `${x} ${y}`);
    expect(new Set(places).size).toBe(panels.length);
    for (const { gridPos } of panels) expect(gridPos.x + gridPos.w).toBeLessThanOrEqual(24);
  });

  it('[DEPLOY-3] is asked at the door that has it, with rules that exist', () => {
    const scrape = parse(text('deploy/prometheus/prometheus.yml')) as {
      rule_files: string[];
      scrape_configs: { metrics_path: string }[];
    };
    expect(scrape.scrape_configs[0]?.metrics_path).toBe('/api/v1/metrics');
    for (const file of scrape.rule_files) expect(existsSync(`deploy/prometheus/${file}`)).toBe(true);
  });
});

it('[DEPLOY-2] docs/DEPLOY.md names every file of deploy', () => {
  const guide = text('docs/DEPLOY.md');
  for (const file of readdirSync('deploy', { recursive: true, withFileTypes: true }))
    if (file.isFile()) expect(guide).toContain(`${file.parentPath}/${file.name}`);
});
