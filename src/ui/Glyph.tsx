import type { ReactNode } from 'react';
import type { ControlState } from '../state/control.ts';

const microphone = (
  <>
    <rect x="40" y="20" width="20" height="36" rx="10" fill="currentColor" stroke="none" />
    <path d="M29 46a21 21 0 0 0 42 0M50 67v11" />
  </>
);

const bars = [-24, -12, 0, 12, 24].map((x, index) => (
  <path key={x} className={`glyph-bar glyph-bar-${index}`} d={`M${50 + x} 32v36`} />
));

const dots = [-20, 0, 20].map((x, index) => (
  <circle key={x} className={`glyph-dot glyph-dot-${index}`} cx={50 + x} cy="50" r="5.5" />
));

type WordState = 'idle' | 'loading' | 'ready';

const shapes: Record<Exclude<ControlState, WordState>, ReactNode> = {
  listening: microphone,
  hearing: <g className="glyph-wave">{bars}</g>,
  deciding: <path d="M26 48v4M38 47v6M50 46v8M62 47v6M74 48v4" />,
  thinking: (
    <g fill="currentColor" stroke="none">
      {dots}
    </g>
  ),
  speaking: <g className="glyph-speech">{bars}</g>,
  muted: (
    <>
      {microphone}
      <path className="glyph-slash" d="M24 22l54 54" />
    </>
  ),
  reconnecting: <path d="M72 50a22 22 0 1 1-7-16M72 24v14H58" />,
  failed: <path d="M50 26v30M50 71v.1" />,
};

interface GlyphProps {
  state: ControlState;
  holdable: boolean;
  /** Loading, 0…1. */
  progress: number;
}

/** The sign on the disc, another for every state. */
export function Glyph({ state, holdable, progress }: GlyphProps) {
  if (state === 'idle') return <span className="glyph-word">Talk</span>;
  if (state === 'ready') return <span className="glyph-word">{holdable ? 'Hold' : 'Ready'}</span>;
  if (state === 'loading') return <span className="glyph-word">{Math.round(progress * 100)}%</span>;
  return (
    <svg className="glyph" viewBox="0 0 100 100" aria-hidden="true">
      {shapes[state]}
    </svg>
  );
}
