// How many uploads run at once, and how fast: changed while they run.
import { Gauge, Minus, Plus } from 'lucide-react';
import { type ReactNode, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../../i18n/format.ts';
import { Button, Field, IconButton, NumberInput, Popover, ProblemNote, Switch } from '../../kit/index.ts';
import { useCommand, useSettings } from '../../state/hooks.ts';

const MIB = 1024 ** 2;
/** What a limit begins with, in MiB/s. */
const FIRST_LIMIT = 10;
const MOST_PARALLEL = 16;
/** A number is typed digit by digit: sent when it has not changed for so long, in ms. */
const TYPING_MS = 500;

/** The button, which shows the limit where there is one, and its panel. */
export function LimitsButton(): ReactNode {
  const { t } = useTranslation('queue');
  const formats = useFormats();
  const { limitBytesPerSecond } = useSettings();
  return (
    <Popover
      title={t('limits.title')}
      trigger={
        <Button icon={<Gauge size={16} aria-hidden />}>
          {limitBytesPerSecond === undefined ? t('limits.button') : formats.rate(limitBytesPerSecond)}
        </Button>
      }
    >
      <Limits />
    </Popover>
  );
}

function Limits(): ReactNode {
  const { t } = useTranslation('queue');
  const { parallel, limitBytesPerSecond } = useSettings();
  const { run, problem } = useCommand('app.setSettings');
  const [typed, setTyped] = useState<number | undefined>();
  const current = limitBytesPerSecond === undefined ? undefined : Math.round(limitBytesPerSecond / MIB);

  useEffect(() => {
    if (typed === undefined || typed < 1 || typed === current) return;
    const timer = setTimeout(() => void run({ limitBytesPerSecond: typed * MIB }), TYPING_MS);
    return () => clearTimeout(timer);
  }, [typed, current, run]);

  const setParallel = (value: number) => void run({ parallel: Math.min(MOST_PARALLEL, Math.max(1, value)) });
  return (
    <>
      <div className="limits-row">
        <span className="grow" id="limits-parallel">
          {t('limits.parallel')}
        </span>
        <fieldset className="limits-stepper" aria-labelledby="limits-parallel">
          <IconButton
            size="small"
            label={t('limits.less')}
            icon={<Minus size={16} aria-hidden />}
            disabled={parallel <= 1}
            onClick={() => setParallel(parallel - 1)}
          />
          <output className="numeric">{parallel}</output>
          <IconButton
            size="small"
            label={t('limits.more')}
            icon={<Plus size={16} aria-hidden />}
            disabled={parallel >= MOST_PARALLEL}
            onClick={() => setParallel(parallel + 1)}
          />
        </fieldset>
      </div>
      <Switch
        label={t('limits.limit')}
        hint={t('limits.hint')}
        checked={limitBytesPerSecond !== undefined}
        onChange={(isOn) => {
          setTyped(undefined);
          void run({ limitBytesPerSecond: isOn ? FIRST_LIMIT * MIB : null });
        }}
      />
      {limitBytesPerSecond === undefined ? null : (
        <Field
          label={t('limits.rate')}
          error={typed !== undefined && typed < 1 ? t('limits.tooLow') : undefined}
        >
          <NumberInput value={typed ?? current} min={1} max={1_000_000} onChange={setTyped} />
        </Field>
      )}
      {problem ? <ProblemNote problem={problem} /> : null}
    </>
  );
}
