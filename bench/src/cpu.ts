import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';

const MS_PER_TICK = 10;
const USER_TIME_FIELD = 11;
const SYSTEM_TIME_FIELD = 12;

/** CPU milliseconds that a process has used in all of its threads. */
export function readProcessCpuMs(pid: number): number {
  const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
  // The second field is the program's name, which may hold spaces and brackets.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[USER_TIME_FIELD]) + Number(fields[SYSTEM_TIME_FIELD])) * MS_PER_TICK;
}

/** Resident memory of a process in MiB. */
export function readResidentMib(pid: number): number {
  const match = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'));
  return Number(match?.[1] ?? Number.NaN) / 1_024;
}

/**
 * CPU milliseconds that the whole machine has used. Stolen time counts: it is another machine's work. Interrupts count
 * too: the kernel charges those of a loopback connection to the process that they interrupt as well.
 */
function readMachineCpuMs(): number {
  const line = readFileSync('/proc/stat', 'latin1').split('\n', 1)[0] ?? '';
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, steal = 0] = line
    .trim()
    .split(/\s+/)
    .slice(1)
    .map(Number);
  return (user + nice + system + irq + softirq + steal) * MS_PER_TICK;
}

export type CpuReading = { atMs: number; machineMs: number; processesMs: ReadonlyMap<number, number> };

export function readCpu(pids: readonly number[]): CpuReading {
  return {
    atMs: performance.now(),
    machineMs: readMachineCpuMs(),
    processesMs: new Map(pids.map((pid) => [pid, readProcessCpuMs(pid)])),
  };
}

/** CPU milliseconds of one process between two readings. */
export function cpuMsBetween(before: CpuReading, after: CpuReading, pid: number): number {
  return (after.processesMs.get(pid) ?? 0) - (before.processesMs.get(pid) ?? 0);
}

/** The share of the machine, 0..1, that went to processes that are not ours. */
export function foreignShareBetween(before: CpuReading, after: CpuReading): number {
  let ownMs = 0;
  for (const pid of after.processesMs.keys()) ownMs += cpuMsBetween(before, after, pid);
  const capacityMs = (after.atMs - before.atMs) * availableParallelism();
  return Math.max(0, after.machineMs - before.machineMs - ownMs) / capacityMs;
}
