import { Dialog } from './Dialog.tsx';
import { CheckField, RadioField } from './Fields.tsx';
import { ListeningSettings } from './ListeningSettings.tsx';
import { MicrophoneSettings } from './MicrophoneSettings.tsx';
import { usePage, useSettings } from './page-context.tsx';
import { VoiceSettings } from './VoiceSettings.tsx';
import './settings.css';

/** Every choice takes effect at once, at the latest with the next turn. */
export function SettingsDialog({ onClose, onPlan }: { onClose: () => void; onPlan: () => void }) {
  const store = usePage().settings;
  const settings = useSettings();
  return (
    <Dialog title="Settings" onClose={onClose}>
      <section className="settings-section">
        <h3>Microphone and sound</h3>
        <MicrophoneSettings />
      </section>
      <section className="settings-section">
        <h3>Talking</h3>
        <RadioField
          label="How to talk"
          value={settings.talkMode}
          options={[
            {
              value: 'open',
              label: 'Just talk',
              note: 'Parley notices when you begin and when you are done.',
            },
            { value: 'hold', label: 'Hold to talk', note: 'Only while you hold the Talk button or Space.' },
          ]}
          onChange={(talkMode) => store.set({ talkMode })}
        />
        <ListeningSettings />
      </section>
      <section className="settings-section">
        <h3>Language and voice</h3>
        <VoiceSettings />
      </section>
      <section className="settings-section">
        <h3>Where the models run</h3>
        <div className="field-actions">
          <button type="button" className="text-button" onClick={onPlan}>
            What runs where, and why
          </button>
        </div>
      </section>
      <section className="settings-section">
        <h3>Accessibility</h3>
        <CheckField
          checked={settings.captionsOnly}
          onChange={(captionsOnly) => store.set({ captionsOnly })}
          note="Replies are shown, not spoken, so that they don’t talk over a screen reader."
        >
          Captions only
        </CheckField>
        <CheckField
          checked={settings.shortcuts}
          onChange={(shortcuts) => store.set({ shortcuts })}
          note="M mutes, Space talks in hold-to-talk. Esc always stops the reply."
        >
          Keyboard shortcuts
        </CheckField>
      </section>
    </Dialog>
  );
}
