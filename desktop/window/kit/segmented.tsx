// A choice among two to four things that are all seen at once.
import { type ReactNode, useId } from 'react';

/** Radio buttons side by side. Arrow keys choose. */
export function Segmented<T extends string>({
  label,
  value,
  onChange,
  choices,
  hideLabel,
}: {
  label: string;
  value: T;
  onChange: (value: T) => void;
  choices: readonly { value: T; label: string }[];
  /** Where the place tells it. */
  hideLabel?: boolean;
}): ReactNode {
  const name = useId();
  return (
    <fieldset className="segmented-field">
      <legend className={hideLabel ? 'sr-only' : 'field-label'}>{label}</legend>
      <div className="segmented">
        {choices.map((choice) => (
          <label key={choice.value} className="segment">
            <input
              type="radio"
              className="sr-only"
              name={name}
              checked={choice.value === value}
              onChange={() => onChange(choice.value)}
            />
            <span>{choice.label}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
