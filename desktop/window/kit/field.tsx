// Fields of forms: a label, a hint, an error, and the control they belong to.
import { Checkbox as BaseCheckbox } from '@base-ui/react/checkbox';
import { Switch as BaseSwitch } from '@base-ui/react/switch';
import { Check, Eye, EyeOff, Search } from 'lucide-react';
import { type ComponentProps, createContext, type ReactNode, useContext, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { IconButton } from './button.tsx';

interface Ids {
  control: string;
  describedBy: string | undefined;
  invalid: boolean;
}

const FieldContext = createContext<Ids | undefined>(undefined);

/** What a control of a `Field` takes over: its id, and what describes it. Empty outside of a field. */
export function useFieldIds(): { id?: string; 'aria-describedby'?: string; 'aria-invalid'?: true } {
  const ids = useContext(FieldContext);
  if (ids === undefined) return {};
  return {
    id: ids.control,
    ...(ids.describedBy === undefined ? {} : { 'aria-describedby': ids.describedBy }),
    ...(ids.invalid ? { 'aria-invalid': true as const } : {}),
  };
}

/**
 * A labelled control. Its child takes `useFieldIds`, as all controls of this kit do.
 * @param after stands beside the control and is none of this field's, e.g. its unit
 */
export function Field({
  label,
  hint,
  error,
  optional,
  after,
  children,
}: {
  label: ReactNode;
  hint?: ReactNode;
  error?: ReactNode;
  optional?: boolean;
  after?: ReactNode;
  children: ReactNode;
}): ReactNode {
  const { t } = useTranslation();
  const id = useId();
  const hintId = hint ? `${id}-hint` : undefined;
  const errorId = error ? `${id}-error` : undefined;
  const describedBy = [errorId, hintId].filter(Boolean).join(' ') || undefined;
  return (
    <div className="field">
      <label className="field-label" htmlFor={id} id={`${id}-label`}>
        {label}
        {optional ? <span className="muted"> · {t('optional')}</span> : null}
      </label>
      <div className="field-line">
        <FieldContext.Provider value={{ control: id, describedBy, invalid: Boolean(error) }}>
          {children}
        </FieldContext.Provider>
        {after}
      </div>
      {error ? (
        <div className="field-error" id={errorId}>
          {error}
        </div>
      ) : null}
      {hint ? (
        <div className="field-hint" id={hintId}>
          {hint}
        </div>
      ) : null}
    </div>
  );
}

interface TextProps extends Omit<ComponentProps<'input'>, 'onChange' | 'value' | 'className' | 'ref'> {
  value: string;
  onChange: (value: string) => void;
}

/** A line of text. */
export function TextInput({ value, onChange, ...rest }: TextProps): ReactNode {
  const ids = useFieldIds();
  return (
    <input
      className="input"
      autoComplete="off"
      spellCheck={false}
      {...ids}
      {...rest}
      value={value}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}

/** Several lines of text. */
export function TextArea({
  value,
  onChange,
  ...rest
}: Omit<ComponentProps<'textarea'>, 'onChange' | 'value' | 'className' | 'ref'> & {
  value: string;
  onChange: (value: string) => void;
}): ReactNode {
  const ids = useFieldIds();
  return (
    <textarea
      className="input"
      {...ids}
      {...rest}
      value={value}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}

/** A secret: hidden until it is asked to be shown. */
export function SecretInput(props: TextProps): ReactNode {
  const { t } = useTranslation();
  const [shown, setShown] = useState(false);
  return (
    <div className="input-with">
      <TextInput {...props} type={shown ? 'text' : 'password'} autoComplete="new-password" />
      <span className="input-end">
        <IconButton
          size="small"
          label={shown ? t('action.hide') : t('action.show')}
          icon={shown ? <EyeOff size={16} aria-hidden /> : <Eye size={16} aria-hidden />}
          onClick={() => setShown(!shown)}
        />
      </span>
    </div>
  );
}

/** A whole number, or nothing. What is no number is not taken. */
export function NumberInput({
  value,
  onChange,
  min = 0,
  max,
  ...rest
}: Omit<ComponentProps<'input'>, 'onChange' | 'value' | 'className' | 'type' | 'ref'> & {
  value: number | undefined;
  onChange: (value: number | undefined) => void;
}): ReactNode {
  const ids = useFieldIds();
  return (
    <input
      className="input numeric"
      type="number"
      inputMode="numeric"
      step={1}
      min={min}
      max={max}
      {...ids}
      {...rest}
      value={value ?? ''}
      onChange={({ target }) => {
        const number = target.valueAsNumber;
        onChange(Number.isSafeInteger(number) ? number : undefined);
      }}
    />
  );
}

/** A box to search in. */
export function SearchInput({ label, ...rest }: TextProps & { label: string }): ReactNode {
  return (
    <div className="input-with">
      <Search size={16} aria-hidden />
      <TextInput type="search" aria-label={label} placeholder={label} {...rest} />
    </div>
  );
}

interface ToggleProps {
  label: ReactNode;
  hint?: ReactNode;
  checked: boolean;
  onChange: (checked: boolean) => void;
  disabled?: boolean | undefined;
}

/** What stands beside a control that is on or off. Its hint has the id `ID-hint`. */
const OptionText = ({ id, label, hint }: { id: string; label: ReactNode; hint: ReactNode }): ReactNode => (
  <div>
    <div id={id}>{label}</div>
    {hint ? (
      <div className="field-hint" id={`${id}-hint`}>
        {hint}
      </div>
    ) : null}
  </div>
);

/** Something that is on or off at once. */
export function Switch({ label, hint, checked, onChange, disabled }: ToggleProps): ReactNode {
  const id = useId();
  return (
    <div className="option">
      <BaseSwitch.Root
        className="switch"
        checked={checked}
        onCheckedChange={onChange}
        disabled={disabled ?? false}
        aria-labelledby={id}
        aria-describedby={hint ? `${id}-hint` : undefined}
      >
        <BaseSwitch.Thumb className="switch-thumb" />
      </BaseSwitch.Root>
      <OptionText id={id} label={label} hint={hint} />
    </div>
  );
}

/** Something to tick in a form or a list. `label` may be hidden where the place tells it. */
export function Checkbox({
  label,
  hint,
  checked,
  onChange,
  disabled,
  hideLabel,
  indeterminate,
  tabIndex,
}: ToggleProps & {
  label: string;
  hideLabel?: boolean;
  indeterminate?: boolean;
  tabIndex?: number | undefined;
}): ReactNode {
  const id = useId();
  return (
    <div className="option">
      <BaseCheckbox.Root
        className="checkbox"
        checked={checked}
        indeterminate={indeterminate ?? false}
        onCheckedChange={onChange}
        disabled={disabled ?? false}
        {...(tabIndex === undefined ? {} : { tabIndex })}
        {...(hideLabel ? { 'aria-label': label } : { 'aria-labelledby': id })}
        aria-describedby={hint && !hideLabel ? `${id}-hint` : undefined}
      >
        <BaseCheckbox.Indicator>
          <Check size={14} strokeWidth={3} aria-hidden />
        </BaseCheckbox.Indicator>
      </BaseCheckbox.Root>
      {hideLabel ? null : <OptionText id={id} label={label} hint={hint} />}
    </div>
  );
}
