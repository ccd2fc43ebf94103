import { isReachable } from './node-state.ts';
import type { Heartbeat, Heartbeats } from './node-types.ts';

const HISTORY_MS = 2 * 3_600_000;
export const SLOTS = 60;
/** As many as are asked for. */
export const ASKED_BEATS = 500;

/** `none`: no sign of life though there should be one; `before`: nothing is known of that time. */
export type SlotState = 'good' | 'poor' | 'none' | 'before';
export type Slot = { startMs: number; endMs: number; state: SlotState; beats: number };

export type Span = { fromMs: number; toMs: number };

/** Two hours; less where a node beats so often that the newest ones do not reach as far back. */
export function findSpan({ items }: Pick<Heartbeats, 'items'>, now: number): Span {
  const oldest = items.at(-1);
  const isCut = items.length >= ASKED_BEATS && oldest !== undefined;
  return { fromMs: Math.max(now - HISTORY_MS, isCut ? Date.parse(oldest.at) : 0), toMs: now };
}

const POOR = new Set(['degraded', 'busy', 'draining', 'maintenance', 'unhealthy', 'error', 'failing']);

function stateOf(beats: readonly Heartbeat[]): SlotState {
  if (beats.length === 0) return 'none';
  const isPoor = beats.some(({ status }) => POOR.has(status.toLowerCase()) || !isReachable(status));
  return isPoor ? 'poor' : 'good';
}

type SlotFacts = { beats: readonly Heartbeat[]; span: Span; registeredAtMs: number };

/** Equal parts of the time, each with what was heard in it. */
export function createSlots({ beats, span, registeredAtMs }: SlotFacts): Slot[] {
  const size = (span.toMs - span.fromMs) / SLOTS;
  const inSlot: Heartbeat[][] = Array.from({ length: SLOTS }, () => []);
  for (const beat of beats) {
    const place = Math.floor((Date.parse(beat.at) - span.fromMs) / size);
    inSlot[Math.min(SLOTS - 1, place)]?.push(beat);
  }
  return inSlot.map((heard, index) => {
    const startMs = span.fromMs + index * size;
    const endMs = startMs + size;
    const state = heard.length === 0 && endMs < registeredAtMs ? 'before' : stateOf(heard);
    return { startMs, endMs, state, beats: heard.length };
  });
}

/** In how many of those that could have one there was a sign of life. */
export function countHeard(slots: readonly Slot[]): { heard: number; known: number } {
  const known = slots.filter(({ state }) => state !== 'before');
  return { heard: known.filter(({ state }) => state !== 'none').length, known: known.length };
}

export type MetricPoint = { atMs: number; value: number };
export type Metric = { name: string; isPercent: boolean; points: MetricPoint[]; last: number };

const FIRST = ['cpu_usage', 'memory_usage', 'disk_usage'];
const MOST_METRICS = 6;

function rank(name: string): number {
  const place = FIRST.indexOf(name);
  return place === -1 ? FIRST.length : place;
}

function isPercentage(name: string, points: readonly MetricPoint[]): boolean {
  return /usage|percent|pct/.test(name) && points.every(({ value }) => value >= 0 && value <= 100);
}

/** Each measure over time, the oldest first; the well-known ones lead. `beats` are the newest first. */
export function listMetrics(beats: readonly Heartbeat[]): Metric[] {
  const byName = new Map<string, MetricPoint[]>();
  for (const beat of beats.toReversed()) {
    for (const [name, value] of Object.entries(beat.metrics)) {
      const points = byName.get(name) ?? [];
      points.push({ atMs: Date.parse(beat.at), value });
      byName.set(name, points);
    }
  }
  return [...byName]
    .map(([name, points]) => ({
      name,
      isPercent: isPercentage(name, points),
      points,
      last: points.at(-1)?.value ?? 0,
    }))
    .toSorted((a, b) => rank(a.name) - rank(b.name) || a.name.localeCompare(b.name))
    .slice(0, MOST_METRICS);
}

export type Box = { width: number; height: number };

/** A line through the points; it breaks where more than `gapMs` is missing. A point by itself is a dot. */
export function drawLine(
  metric: Metric,
  { span, box, gapMs }: { span: Span; box: Box; gapMs: number },
): string {
  const peak = Math.max(...metric.points.map(({ value }) => value));
  const top = metric.isPercent ? 100 : Math.max(peak, Number.EPSILON);
  const inside = metric.points.filter(({ atMs }) => atMs >= span.fromMs);
  return inside
    .map(({ atMs, value }, index) => {
      const x = ((atMs - span.fromMs) / (span.toMs - span.fromMs)) * box.width;
      const y = box.height - (Math.max(0, value) / top) * box.height;
      const before = inside[index - 1];
      const isStart = before === undefined || atMs - before.atMs > gapMs;
      return isStart ? `M${x.toFixed(1)} ${y.toFixed(1)}h0` : `L${x.toFixed(1)} ${y.toFixed(1)}`;
    })
    .join('');
}
