import type { Clock } from '../../core/clock.ts';
import type { GpuConfig, ProcessConfig } from '../config/schema.ts';
import { createManagedProcess } from './managed.ts';
import type { ManagedProcess } from './managed.ts';
import { createResidency } from './residency.ts';
import type { Residency } from './residency.ts';
import type { EngineStatus } from './supervisor.ts';

/** The programs that this server starts itself, and the card that they share. */
export interface Processes {
  residency: Residency;
  status(): EngineStatus[];
  terminate(): void;
}

/** None is started before it is used. */
export function createProcesses(
  configs: Readonly<Record<string, ProcessConfig>>,
  gpu: GpuConfig,
  clock: Clock,
  report: (line: string) => void,
): Processes {
  const processes: ManagedProcess[] = Object.entries(configs).map(([name, config]) =>
    createManagedProcess(name, config, { onLost: () => residency.lost(name), report }),
  );
  const residency = createResidency(processes, { budgetMb: gpu.memoryMb ?? 0, waitMs: gpu.waitMs, clock });
  return {
    residency,
    status: () => processes.map((each) => each.status()),
    terminate() {
      for (const each of processes) each.terminate();
    },
  };
}
