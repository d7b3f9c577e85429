// A choice among a few things, and one among many that can be searched or typed.
import { Combobox as BaseCombobox } from '@base-ui/react/combobox';
import { Select as BaseSelect } from '@base-ui/react/select';
import { Check, ChevronDown } from 'lucide-react';
import type { ReactNode } from 'react';
import { useFieldIds } from './field.tsx';

/** One of the things to choose among. */
export interface Choice<T extends string> {
  value: T;
  label: string;
  /** A second line. */
  detail?: string | undefined;
  disabled?: boolean | undefined;
}

/** A choice among a few things. */
export function Select<T extends string>({
  value,
  onChange,
  choices,
  label,
  placeholder,
  disabled,
}: {
  value: T | undefined;
  onChange: (value: T) => void;
  choices: readonly Choice<T>[];
  /** Needed outside of a `Field`. */
  label?: string;
  placeholder?: string;
  disabled?: boolean | undefined;
}): ReactNode {
  const ids = useFieldIds();
  return (
    <BaseSelect.Root
      value={value ?? null}
      onValueChange={(chosen) => {
        if (chosen !== null) onChange(chosen);
      }}
      items={choices.map((choice) => ({ value: choice.value, label: choice.label }))}
      disabled={disabled ?? false}
    >
      <BaseSelect.Trigger className="input select-trigger" aria-label={label} {...ids}>
        <span className="one-line">
          <BaseSelect.Value placeholder={placeholder} />
        </span>
        <BaseSelect.Icon>
          <ChevronDown size={16} aria-hidden />
        </BaseSelect.Icon>
      </BaseSelect.Trigger>
      <BaseSelect.Portal>
        <BaseSelect.Positioner className="positioner" sideOffset={4} alignItemWithTrigger={false}>
          <BaseSelect.Popup className="popup" data-wide="">
            {choices.map((choice) => (
              <BaseSelect.Item
                key={choice.value}
                value={choice.value}
                disabled={choice.disabled ?? false}
                className="item"
              >
                <span className="grow">
                  <BaseSelect.ItemText className="foreign">{choice.label}</BaseSelect.ItemText>
                  {choice.detail ? <span className="field-hint foreign"> {choice.detail}</span> : null}
                </span>
                <BaseSelect.ItemIndicator className="item-check">
                  <Check size={16} aria-hidden />
                </BaseSelect.ItemIndicator>
              </BaseSelect.Item>
            ))}
          </BaseSelect.Popup>
        </BaseSelect.Positioner>
      </BaseSelect.Portal>
    </BaseSelect.Root>
  );
}

/** A choice among many things by typing a part of them; at most 100 are drawn at once. */
export function Combobox({
  value,
  onChange,
  items,
  label,
  placeholder,
  empty,
  disabled,
}: {
  value: string | undefined;
  onChange: (value: string | undefined) => void;
  items: readonly string[];
  /** Needed outside of a `Field`. */
  label?: string;
  placeholder?: string;
  /** Shown when nothing matches. */
  empty: string;
  disabled?: boolean | undefined;
}): ReactNode {
  const ids = useFieldIds();
  return (
    <BaseCombobox.Root
      items={[...items]}
      value={value ?? null}
      onValueChange={(chosen) => onChange(chosen ?? undefined)}
      limit={100}
      disabled={disabled ?? false}
    >
      <BaseCombobox.Input className="input" placeholder={placeholder} aria-label={label} {...ids} />
      <BaseCombobox.Portal>
        <BaseCombobox.Positioner className="positioner" sideOffset={4}>
          <BaseCombobox.Popup className="popup" data-wide="">
            <BaseCombobox.Empty>
              <div className="item muted">{empty}</div>
            </BaseCombobox.Empty>
            <BaseCombobox.List>
              {(item: string) => (
                <BaseCombobox.Item key={item} value={item} className="item">
                  <span className="foreign grow">{item}</span>
                  <BaseCombobox.ItemIndicator className="item-check">
                    <Check size={16} aria-hidden />
                  </BaseCombobox.ItemIndicator>
                </BaseCombobox.Item>
              )}
            </BaseCombobox.List>
          </BaseCombobox.Popup>
        </BaseCombobox.Positioner>
      </BaseCombobox.Portal>
    </BaseCombobox.Root>
  );
}
