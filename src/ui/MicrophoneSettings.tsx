import { useEffect, useRef, useState } from 'react';
import { toAppError } from '../../core/errors.ts';
import { meterPosition } from '../state/bezel.ts';
import { describeEcho } from '../state/echo.ts';
import { describeGranted } from '../state/granted.ts';
import { SelectField } from './Fields.tsx';
import {
  useEcho,
  useGranted,
  useMicrophones,
  usePage,
  useRun,
  useSettings,
  useView,
} from './page-context.tsx';

export function MicrophoneSettings() {
  const { conversation, settings } = usePage();
  const { microphoneId } = useSettings();
  const microphones = useMicrophones();
  const [failure, setFailure] = useState<string>();
  const { testing, toggle } = useMicrophoneTest(microphoneId, setFailure);
  const granted = useGranted();
  const echo = useEcho();
  const { muted } = useView();
  const open = useRun().state === 'on';
  const options = [
    { value: '', label: 'The system’s default' },
    ...microphones.map(({ id, name }) => ({ value: id, label: name })),
  ];
  const testSound = () => {
    setFailure(undefined);
    conversation.testSound().catch((error: unknown) => setFailure(toAppError(error).message));
  };
  const known = options.some(({ value }) => value === microphoneId);
  return (
    <>
      <SelectField
        label="Microphone"
        value={microphoneId}
        options={
          known ? options : [...options, { value: microphoneId, label: 'Chosen before, not connected' }]
        }
        onChange={(id) => settings.set({ microphoneId: id })}
      />
      <LevelBar />
      {granted && <p className="model-where">{describeGranted(granted)}</p>}
      <p className="model-where" data-echo={echo?.verdict}>
        {describeEcho(echo)}
      </p>
      {failure && (
        <p className="model-error" role="alert">
          {failure}
        </p>
      )}
      <div className="field-actions">
        {!open && (
          <button type="button" className="button" aria-pressed={testing} onClick={toggle}>
            {testing ? 'Stop the test' : 'Test the microphone'}
          </button>
        )}
        <button type="button" className="button" onClick={testSound}>
          Play a test sound
        </button>
        {open && !muted && (
          <button type="button" className="button" onClick={conversation.microphones.checkEcho}>
            Check the echo again
          </button>
        )}
      </div>
    </>
  );
}

/** Opens the microphone for the meter while `testing`; ends with the dialog or when another one is chosen. */
function useMicrophoneTest(microphoneId: string, setFailure: (message: string | undefined) => void) {
  const { microphones } = usePage().conversation;
  const [testing, setTesting] = useState(false);
  useEffect(() => {
    if (!testing) return undefined;
    setFailure(undefined);
    let over = false;
    const opened = microphones.test().catch((error: unknown) => {
      if (over) return undefined;
      setFailure(toAppError(error).message);
      setTesting(false);
      return undefined;
    });
    return () => {
      over = true;
      void opened.then((close) => close?.());
    };
  }, [testing, microphones, microphoneId, setFailure]);
  return { testing, toggle: () => setTesting((before) => !before) };
}

function LevelBar() {
  const { conversation } = usePage();
  const bar = useRef<HTMLDivElement>(null);
  useEffect(
    () =>
      conversation.level.subscribe((rms) =>
        bar.current?.style.setProperty('--level', meterPosition(rms).toFixed(2)),
      ),
    [conversation],
  );
  return (
    <div className="level" ref={bar} role="img" aria-label="Level of the microphone">
      <span className="level-fill" />
    </div>
  );
}
