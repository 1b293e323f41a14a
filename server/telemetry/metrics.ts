import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { CallTimes } from '../engines/admit.ts';
import { stageNames } from '../engines/engines.ts';
import type { Engines, StageName } from '../engines/engines.ts';
import { watchCard } from './card-metrics.ts';
import type { MakeGauge } from './card-metrics.ts';

/** Bounds in seconds: from a cached answer to a model that is loaded first. */
const buckets = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30];

/** What is counted. No label holds anything that a caller wrote. */
export interface Metrics {
  stageCalled(stage: StageName, times: CallTimes): void;
  requestAnswered(route: string, status: number, tookMs: number): void;
  /** Reads the state of the engines and of the sockets at each look. */
  watch(engines: Engines, sessions: () => number): void;
  /** The text format of Prometheus. */
  text(): Promise<string>;
  contentType: string;
}

export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  const request = new Histogram({
    name: 'parley_request_seconds',
    help: 'Time to answer a request.',
    labelNames: ['route', 'status'],
    buckets,
    registers,
  });
  const timing = (name: string, help: string) =>
    new Histogram({ name, help, labelNames: ['stage'], buckets, registers });
  const waited = timing('parley_stage_wait_seconds', 'Time that a call waited for its turn.');
  const first = timing(
    'parley_stage_first_seconds',
    'Time from the begin of the work to the first token, sound or word.',
  );
  const total = timing('parley_stage_seconds', 'Time from the begin of the work to its end.');
  const calls = new Counter({
    name: 'parley_stage_calls_total',
    help: 'Calls of a stage by how they ended.',
    labelNames: ['stage', 'outcome'],
    registers,
  });

  return {
    stageCalled(stage, { outcome, waitedMs, firstMs, totalMs }) {
      calls.inc({ stage, outcome });
      waited.observe({ stage }, waitedMs / 1000);
      if (firstMs !== undefined) first.observe({ stage }, firstMs / 1000);
      total.observe({ stage }, totalMs / 1000);
    },
    requestAnswered: (route, status, tookMs) =>
      request.observe({ route, status: String(status) }, tookMs / 1000),
    watch(engines, sessions) {
      const gauge: MakeGauge = (name, help, labelNames, collect) =>
        void new Gauge({ name, help, labelNames, registers, collect });
      gauge('parley_queue_working', 'Calls that are being served.', ['stage'], function () {
        for (const stage of stageNames) this.set({ stage }, engines.gates[stage].working());
      });
      gauge('parley_queue_waiting', 'Calls that wait for their turn.', ['stage'], function () {
        for (const stage of stageNames) this.set({ stage }, engines.gates[stage].waiting());
      });
      gauge('parley_engine_up', '1 while the process of an engine runs.', ['engine'], function () {
        for (const { name, state } of engines.status())
          this.set({ engine: name }, state === 'running' ? 1 : 0);
      });
      gauge('parley_engine_deaths', 'Deaths of the process of an engine.', ['engine'], function () {
        for (const { name, deaths } of engines.status()) this.set({ engine: name }, deaths);
      });
      watchCard(gauge, engines);
      gauge(
        'parley_stage_rank',
        'Place of the engine that serves, 0 for the preferred one.',
        ['stage'],
        function () {
          for (const stage of stageNames) this.set({ stage }, engines.serving(stage).rank);
        },
      );
      gauge(
        'parley_stage_fallbacks',
        'Calls that were handed on to the next engine.',
        ['stage'],
        function () {
          for (const stage of stageNames) this.set({ stage }, engines.serving(stage).fallbacks);
        },
      );
      gauge('parley_realtime_sessions', 'Open realtime sessions.', [], function () {
        this.set(sessions());
      });
      gauge('parley_memory_bytes', 'Resident memory of the gateway.', [], function () {
        this.set(process.memoryUsage.rss());
      });
    },
    text: () => registry.metrics(),
    contentType: registry.contentType,
  };
}
