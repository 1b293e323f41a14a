import { useEffect, useId, useState } from 'react';
import { parseMirror, sourceOf } from '../../core/models/source.ts';
import type { Settings } from '../../core/settings/settings.ts';
import { isAllowed } from '../models/allowed-source.ts';
import { describeSource } from '../state/downloads.ts';
import { RadioField } from './Fields.tsx';
import { usePage, useSettings } from './page-context.tsx';

/** Where models are fetched from. */
export function SourceField() {
  const { settings } = usePage();
  const { modelSource } = useSettings();
  const set = (patch: Partial<Settings['modelSource']>) =>
    settings.set({ modelSource: { ...modelSource, ...patch } });
  return (
    <section className="settings-section">
      <h3>Where models come from</h3>
      <RadioField
        label="Source"
        value={modelSource.kind}
        options={[
          { value: 'site', label: 'This site' },
          { value: 'hub', label: 'The public hub', note: 'huggingface.co' },
          { value: 'mirror', label: 'Another mirror', note: 'It answers as the hub does.' },
        ]}
        onChange={(kind) => set({ kind })}
      />
      {modelSource.kind === 'mirror' && (
        <MirrorField url={modelSource.mirrorUrl} onChange={(mirrorUrl) => set({ mirrorUrl })} />
      )}
      <SourceNote source={modelSource} />
    </section>
  );
}

/** Counts when the field is left or Enter is pressed. */
function MirrorField({ url, onChange }: { url: string; onChange: (url: string) => void }) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>Address of the mirror</label>
      <input
        id={id}
        type="url"
        className="text-input"
        defaultValue={url}
        placeholder="https://models.example.org"
        onBlur={(event) => onChange(event.target.value.trim())}
        onKeyDown={(event) => {
          if (event.key === 'Enter') onChange(event.currentTarget.value.trim());
        }}
      />
    </div>
  );
}

function SourceNote({ source }: { source: Settings['modelSource'] }) {
  const { kind, mirrorUrl } = source;
  const [note, setNote] = useState<string>();
  useEffect(() => {
    let stale = false;
    if (kind === 'mirror' && parseMirror(mirrorUrl) === undefined) {
      setNote(
        mirrorUrl === '' ? 'Give an address that begins with https://.' : 'This address cannot be used.',
      );
      return undefined;
    }
    const chosen = sourceOf({ kind, mirrorUrl });
    void isAllowed(chosen).then((allowed) => {
      if (!stale) setNote(describeSource(chosen, allowed));
    });
    return () => {
      stale = true;
    };
  }, [kind, mirrorUrl]);
  return (
    <p className="downloads-note" role="status">
      {note}
    </p>
  );
}
