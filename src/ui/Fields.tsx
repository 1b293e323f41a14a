import { useId, useState, type ReactNode } from 'react';

interface Option<Value extends string> {
  value: Value;
  label: string;
  note?: string;
}

interface ChoiceProps<Value extends string> {
  label: string;
  value: Value;
  options: readonly Option<Value>[];
  onChange: (value: Value) => void;
}

interface SelectProps<Value extends string> extends ChoiceProps<Value> {
  note?: string;
}

/** A labelled list of choices. */
export function SelectField<Value extends string>(props: SelectProps<Value>) {
  const { label, value, options, note, onChange } = props;
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <select
        id={id}
        value={value}
        onChange={(event) => {
          const chosen = options.find((option) => option.value === event.target.value);
          if (chosen) onChange(chosen.value);
        }}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
      {note && <small>{note}</small>}
    </div>
  );
}

/** A few choices, all in sight, each with a word on what it means. */
export function RadioField<Value extends string>({ label, value, options, onChange }: ChoiceProps<Value>) {
  const name = useId();
  return (
    <fieldset className="field">
      <legend>{label}</legend>
      {options.map((option) => (
        <label key={option.value} className="choice">
          <input
            type="radio"
            name={name}
            checked={option.value === value}
            onChange={() => onChange(option.value)}
          />
          <span>
            {option.label}
            {option.note && <small>{option.note}</small>}
          </span>
        </label>
      ))}
    </fieldset>
  );
}

interface RangeFieldProps {
  label: string;
  value: number;
  min: number;
  max: number;
  step: number;
  /** The value as a person reads it: "600 ms". */
  format: (value: number) => string;
  note?: string;
  onChange: (value: number) => void;
}

/** The value on the way shows at once; it counts when the slider is let go. */
export function RangeField({ label, value, format, note, onChange, ...range }: RangeFieldProps) {
  const id = useId();
  const [draft, setDraft] = useState<number>();
  const shown = draft ?? value;
  const commit = () => {
    if (draft !== undefined && draft !== value) onChange(draft);
    setDraft(undefined);
  };
  return (
    <div className="field">
      <div className="field-line">
        <label htmlFor={id}>{label}</label>
        <output htmlFor={id}>{format(shown)}</output>
      </div>
      <input
        id={id}
        type="range"
        {...range}
        value={shown}
        aria-valuetext={format(shown)}
        onChange={(event) => setDraft(event.target.valueAsNumber)}
        onPointerUp={commit}
        onKeyUp={commit}
        onBlur={commit}
      />
      {note && <small>{note}</small>}
    </div>
  );
}

interface CheckFieldProps {
  checked: boolean;
  onChange: (checked: boolean) => void;
  children: ReactNode;
  note?: string;
}

export function CheckField({ checked, onChange, children, note }: CheckFieldProps) {
  return (
    <label className="choice">
      <input type="checkbox" checked={checked} onChange={(event) => onChange(event.target.checked)} />
      <span>
        {children}
        {note && <small>{note}</small>}
      </span>
    </label>
  );
}
