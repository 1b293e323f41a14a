import { useEffect, useRef, type KeyboardEvent, type MouseEvent, type PointerEvent } from 'react';
import { meterPosition } from '../state/bezel.ts';
import { summariseModels } from '../state/models.ts';
import { createBezel, type Bezel } from './bezel-canvas.ts';
import { Glyph } from './Glyph.tsx';
import { useModels, usePage } from './page-context.tsx';
import type { Control } from './use-control.ts';
import './talk-control.css';

export function TalkControl({ control }: { control: Control }) {
  const { conversation } = usePage();
  const { fraction } = summariseModels(useModels());
  const frame = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const bezel = useRef<Bezel>(null);
  const { state } = control;

  useEffect(() => {
    if (canvas.current === null) return undefined;
    const drawn = createBezel(canvas.current);
    bezel.current = drawn;
    const unsubscribe = conversation.level.subscribe((rms) => {
      const position = meterPosition(rms);
      drawn.pushLevel(position);
      frame.current?.style.setProperty('--level', position.toFixed(2));
    });
    return () => {
      unsubscribe();
      drawn.dispose();
    };
  }, [conversation]);
  useEffect(() => {
    bezel.current?.show(state, { progress: fraction });
  }, [state, fraction]);

  return (
    <div className="talk" data-state={state} ref={frame}>
      <canvas className="talk-bezel" ref={canvas} aria-hidden="true" />
      <button
        ref={control.button}
        type="button"
        className="talk-button"
        aria-label="Talk"
        aria-pressed={control.holdable ? control.held : control.running}
        aria-describedby="talk-state"
        {...(control.holdable ? holding(control) : { onClick: control.press })}
      >
        <span className="talk-disc" />
        <Glyph state={state} holdable={control.holdable} progress={fraction} />
      </button>
    </div>
  );
}

/** Press-and-hold by pointer or key. A click with neither comes from assistive technology and toggles. */
function holding({ held, hold }: Control) {
  const onKey = (event: KeyboardEvent) => {
    if (event.key !== ' ' && event.key !== 'Enter') return;
    event.preventDefault();
    event.stopPropagation();
    if (!event.repeat) hold(event.type === 'keydown');
  };
  return {
    onPointerDown: (event: PointerEvent<HTMLButtonElement>) => {
      event.currentTarget.setPointerCapture(event.pointerId);
      hold(true);
    },
    onPointerUp: () => hold(false),
    onPointerCancel: () => hold(false),
    onContextMenu: (event: MouseEvent) => event.preventDefault(),
    onKeyDown: onKey,
    onKeyUp: onKey,
    onBlur: () => held && hold(false),
    onClick: (event: MouseEvent) => event.detail === 0 && hold(!held),
  };
}
