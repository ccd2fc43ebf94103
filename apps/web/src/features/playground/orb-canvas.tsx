import type { Levels } from '@ephemera/realtime-client';
import { createSignal, onCleanup, onMount } from 'solid-js';
import type { JSX } from 'solid-js';

import { barLength, easeLevel, ORB_BARS, scaleLevel } from './orb.ts';
import type { OrbFrame } from './orb.ts';

export type OrbMode = 'rest' | 'connecting' | 'live' | 'failed';

type OrbProps = { mode: OrbMode; readLevels: () => Levels };

type Colors = { rest: string; out: string; in: string; failed: string };

const SIZE = 240;
const CENTER = SIZE / 2;
const RING = 74;
const REACH = 40;
const INNER_REACH = 12;

function readColors(probe: HTMLElement): Colors {
  const read = (name: string) => {
    probe.dataset['tone'] = name;
    return getComputedStyle(probe).color;
  };
  return { rest: read('rest'), out: read('out'), in: read('in'), failed: read('failed') };
}

type Spoke = { index: number; from: number; to: number };

function drawSpoke(context: CanvasRenderingContext2D, spoke: Spoke): void {
  const angle = (spoke.index / ORB_BARS) * Math.PI * 2 - Math.PI / 2;
  const [x, y] = [Math.cos(angle), Math.sin(angle)];
  context.beginPath();
  context.moveTo(CENTER + x * spoke.from, CENTER + y * spoke.from);
  context.lineTo(CENTER + x * spoke.to, CENTER + y * spoke.to);
  context.stroke();
}

/** How strongly a bar is lit: at rest the ring fades around, while connecting the light runs. */
function restAlpha(index: number, mode: OrbMode, turn: number): number {
  if (mode === 'failed') return 0.5;
  if (mode === 'live') return 0.3;
  const phase = mode === 'connecting' ? (index / ORB_BARS - turn * 0.35) % 1 : index / ORB_BARS;
  const behind = phase < 0 ? phase + 1 : phase;
  return mode === 'connecting'
    ? 0.15 + 0.85 * behind ** 3
    : 0.18 + 0.42 * (0.5 + 0.5 * Math.cos(behind * Math.PI * 2));
}

function drawOrb(
  context: CanvasRenderingContext2D,
  frame: OrbFrame & { mode: OrbMode; colors: Colors },
): void {
  const { mode, colors } = frame;
  context.clearRect(0, 0, SIZE, SIZE);
  context.lineCap = 'round';
  for (let index = 0; index < ORB_BARS; index += 1) {
    const out = barLength(index, frame.remote, frame.turn) * REACH;
    const inward = barLength(ORB_BARS - index, frame.microphone, frame.turn * 1.3) * INNER_REACH;
    context.lineWidth = 2.5;
    context.strokeStyle =
      mode === 'failed' ? colors.failed : mode === 'connecting' ? colors.out : colors.rest;
    context.globalAlpha = restAlpha(index, mode, frame.turn);
    drawSpoke(context, { index, from: RING, to: RING + 3 });
    context.globalAlpha = 1;
    if (out > 0.4) {
      context.strokeStyle = colors.out;
      drawSpoke(context, { index, from: RING, to: RING + 3 + out });
    }
    if (inward > 0.4) {
      context.strokeStyle = colors.in;
      drawSpoke(context, { index, from: RING - 6 - inward, to: RING - 6 });
    }
  }
}

function setUpCanvas(canvas: HTMLCanvasElement): CanvasRenderingContext2D | null {
  const scale = Math.min(3, globalThis.devicePixelRatio || 1);
  canvas.width = SIZE * scale;
  canvas.height = SIZE * scale;
  const context = canvas.getContext('2d');
  context?.scale(scale, scale);
  return context;
}

function startDrawing(canvas: HTMLCanvasElement, probe: HTMLElement, props: OrbProps): () => void {
  const context = setUpCanvas(canvas);
  if (context === null) return () => undefined;
  let [microphone, remote, last, request] = [0, 0, performance.now(), 0];
  let colors = readColors(probe);
  let colorsReadAt = last;
  function draw(at: number): void {
    const elapsedMs = Math.min(100, at - last);
    last = at;
    if (at - colorsReadAt > 500) {
      colors = readColors(probe);
      colorsReadAt = at;
    }
    const levels = props.readLevels();
    microphone = easeLevel(microphone, scaleLevel(levels.microphone), elapsedMs);
    remote = easeLevel(remote, scaleLevel(levels.remote), elapsedMs);
    if (context !== null)
      drawOrb(context, { microphone, remote, turn: at / 1_000, mode: props.mode, colors });
    request = requestAnimationFrame(draw);
  }
  request = requestAnimationFrame(draw);
  return () => cancelAnimationFrame(request);
}

/** Both voices around the button: yours inward, the assistant's outward. Decoration; the state is also in words. */
export function OrbCanvas(props: OrbProps): JSX.Element {
  const [canvas, setCanvas] = createSignal<HTMLCanvasElement | null>(null);
  const [probe, setProbe] = createSignal<HTMLElement | null>(null);
  onMount(() => {
    const [surface, colors] = [canvas(), probe()];
    if (surface !== null && colors !== null) onCleanup(startDrawing(surface, colors, props));
  });
  return (
    <>
      <canvas ref={setCanvas} aria-hidden="true" class="pointer-events-none absolute inset-0 size-full" />
      <span
        ref={setProbe}
        aria-hidden="true"
        class="hidden data-[tone=failed]:text-danger data-[tone=in]:text-chart-3 data-[tone=out]:text-accent data-[tone=rest]:text-text-3"
      />
    </>
  );
}
