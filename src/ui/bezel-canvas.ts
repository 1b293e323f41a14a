import { bezelTick, HISTORY, moves, TICKS, type BezelInput } from '../state/bezel.ts';
import type { ControlState } from '../state/control.ts';

/** Redraws are capped: the models want the processor more than the ornament does. */
const FRAME_MS = 40;

export interface Bezel {
  show(state: ControlState, options: Pick<BezelInput, 'progress'>): void;
  /** A new meter position, 0…1. */
  pushLevel(position: number): void;
  dispose(): void;
}

/** Draws the ring of ticks, only while something moves. Colours come from the canvas's own style. */
export function createBezel(canvas: HTMLCanvasElement): Bezel {
  const context = canvas.getContext('2d');
  const stillness = matchMedia('(prefers-reduced-motion: reduce)');
  const scheme = matchMedia('(prefers-color-scheme: dark)');
  const levels = Array.from({ length: HISTORY }, () => 0);
  const ended = new AbortController();
  let input: BezelInput = {
    state: 'idle',
    elapsedMs: 0,
    levels,
    progress: 0,
    still: stillness.matches,
  };
  let shownAt = performance.now();
  let drawnAt = 0;
  let frame = 0;

  function draw(now: number) {
    frame = 0;
    if (moves(input.state) && !input.still) request();
    if (now - drawnAt < FRAME_MS && drawnAt !== 0) return;
    drawnAt = now;
    if (context) paint(context, canvas, { ...input, elapsedMs: now - shownAt });
  }
  function request() {
    if (frame === 0) frame = requestAnimationFrame(draw);
  }
  function redraw() {
    drawnAt = 0;
    request();
  }

  const resized = new ResizeObserver(() => {
    const scale = Math.min(2, devicePixelRatio);
    canvas.width = Math.round(canvas.clientWidth * scale);
    canvas.height = Math.round(canvas.clientHeight * scale);
    redraw();
  });
  resized.observe(canvas);
  const options = { signal: ended.signal };
  stillness.addEventListener(
    'change',
    () => ((input = { ...input, still: stillness.matches }), redraw()),
    options,
  );
  scheme.addEventListener('change', redraw, options);

  return {
    show(state, next) {
      if (state !== input.state) shownAt = performance.now();
      input = { ...input, ...next, state };
      redraw();
    },
    pushLevel(position) {
      levels.pop();
      levels.unshift(position);
      if (input.state === 'listening' || input.state === 'hearing') redraw();
    },
    dispose() {
      ended.abort();
      resized.disconnect();
      cancelAnimationFrame(frame);
    },
  };
}

function paint(context: CanvasRenderingContext2D, canvas: HTMLCanvasElement, input: BezelInput) {
  const style = getComputedStyle(canvas);
  const radius = canvas.width / 2;
  const [inner, reach] = [radius * 0.74, radius * 0.24];
  context.clearRect(0, 0, canvas.width, canvas.height);
  context.lineCap = 'round';
  context.lineWidth = radius * 0.0145;
  for (let index = 0; index < TICKS; index += 1) {
    const { length, lit } = bezelTick(index, input);
    const angle = (index / TICKS) * Math.PI * 2 - Math.PI / 2;
    const outer = inner + reach * (0.1 + 0.9 * length);
    context.strokeStyle = lit ? style.color : style.getPropertyValue('--tick');
    context.beginPath();
    context.moveTo(radius + Math.cos(angle) * inner, radius + Math.sin(angle) * inner);
    context.lineTo(radius + Math.cos(angle) * outer, radius + Math.sin(angle) * outer);
    context.stroke();
  }
}
