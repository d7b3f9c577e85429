// The settings. Each is saved when it is changed.
import type { Settings } from '@imagebridge/desktop-contract';
import { type ReactNode, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Field, NumberInput, Page, Segmented, Select, Switch, TextInput, visible } from '../../kit/index.ts';
import { useAbout, useProfiles, useSettings } from '../../state/hooks.ts';
import { parseRate, type RATE_UNITS, type RateUnit, rateText, unitOf } from './rate.ts';
import { useSaving } from './saving.tsx';
import './settings.css';

/** The screen. */
export function SettingsScreen(): ReactNode {
  const { t } = useTranslation('settings');
  const settings = useSettings();
  const isApp = useAbout().variant === 'app';
  return (
    <Page title={t('common:nav.settings')} narrow>
      <div className="settings">
        <p className="muted">{t('intro')}</p>
        <Group title={t('look')}>
          <Language settings={settings} />
          <Theme settings={settings} />
        </Group>
        <Group title={t('uploads')}>
          <DefaultCloud settings={settings} />
          <Flag settings={settings} name="startAtOnce" />
          <Parallel settings={settings} />
          <Limit settings={settings} />
        </Group>
        {isApp ? (
          <Group title={t('program')}>
            <Flag settings={settings} name="notifications" />
            <Flag settings={settings} name="keepAwake" />
            <Closing settings={settings} />
            <UpdateFeed settings={settings} />
          </Group>
        ) : null}
      </div>
    </Page>
  );
}

function Group({ title, children }: { title: string; children: ReactNode }): ReactNode {
  return (
    <section className="card settings-group" aria-label={title}>
      <h2>{title}</h2>
      {children}
    </section>
  );
}

interface Props {
  settings: Settings;
}

function Language({ settings }: Props): ReactNode {
  const { t } = useTranslation('settings');
  const { save, mark, error } = useSaving();
  return (
    <Field label={t('language')} error={error} after={mark}>
      <Select
        value={settings.language}
        onChange={(language) => save({ language })}
        choices={[
          { value: 'system', label: t('languages.system') },
          { value: 'en', label: t('languages.en') },
          { value: 'zh-CN', label: t('languages.zh') },
        ]}
      />
    </Field>
  );
}

function Theme({ settings }: Props): ReactNode {
  const { t } = useTranslation('settings');
  const { save, mark, error } = useSaving();
  return (
    <div className="setting-line">
      <Segmented
        label={t('theme')}
        value={settings.theme}
        onChange={(theme) => save({ theme })}
        choices={(['system', 'light', 'dark'] as const).map((theme) => ({
          value: theme,
          label: t(`themes.${theme}`),
        }))}
      />
      {mark}
      <ErrorText text={error} />
    </div>
  );
}

function Flag({
  settings,
  name,
}: Props & { name: 'startAtOnce' | 'notifications' | 'keepAwake' }): ReactNode {
  const { t } = useTranslation('settings');
  const { save, mark, error } = useSaving();
  return (
    <div className="setting-flag">
      <Switch
        label={t(name)}
        hint={t(`${name}Hint`)}
        checked={settings[name]}
        onChange={(on) => save({ [name]: on })}
      />
      {mark}
      <ErrorText text={error} />
    </div>
  );
}

/** Stands for the profiles' own default; no profile has such a value. */
const AUTO = 'auto';
const named = (name: string) => `name:${name}`;

function DefaultCloud({ settings: { defaultCloud } }: Props): ReactNode {
  const { t } = useTranslation('settings');
  const { save, mark, error } = useSaving();
  const profiles = useProfiles();
  const own = profiles.find(({ isDefault }) => isDefault)?.name;
  const names = profiles.map(({ name }) => name);
  const isGone = defaultCloud !== undefined && !names.includes(defaultCloud);
  return (
    <Field label={t('defaultCloud')} hint={t('defaultCloudHint')} error={error} after={mark}>
      <Select
        value={defaultCloud === undefined ? AUTO : named(defaultCloud)}
        onChange={(value) => save({ defaultCloud: value === AUTO ? null : value.slice(named('').length) })}
        choices={[
          {
            value: AUTO,
            label:
              own === undefined ? t('defaultCloudAuto') : t('defaultCloudAutoNamed', { name: visible(own) }),
          },
          ...names.map((name) => ({ value: named(name), label: visible(name) })),
          ...(isGone
            ? [{ value: named(defaultCloud), label: t('defaultCloudGone', { name: visible(defaultCloud) }) }]
            : []),
        ]}
      />
    </Field>
  );
}

function Parallel({ settings: { parallel } }: Props): ReactNode {
  const { t } = useTranslation('settings');
  const { save, mark, error } = useSaving();
  const [typed, setTyped] = useState<number | undefined>(parallel);
  useEffect(() => setTyped(parallel), [parallel]);
  const isRight = typed !== undefined && typed >= 1 && typed <= 16;
  return (
    <Field
      label={t('parallel')}
      hint={t('parallelHint')}
      error={isRight ? error : t('parallelWrong')}
      after={mark}
    >
      <NumberInput
        value={typed}
        min={1}
        max={16}
        onChange={(value) => {
          setTyped(value);
          if (value !== undefined && value >= 1 && value <= 16 && value !== parallel)
            save({ parallel: value });
        }}
      />
    </Field>
  );
}

function Limit({ settings: { limitBytesPerSecond } }: Props): ReactNode {
  const { t } = useTranslation('settings');
  const { save, mark, error } = useSaving();
  const [unit, setUnit] = useState<RateUnit>(() => unitOf(limitBytesPerSecond));
  const [text, setText] = useState(() => rateText(limitBytesPerSecond, unit));
  const [isWrong, setWrong] = useState(false);
  // Another window has changed it.
  useEffect(() => {
    setText((shown) =>
      parseRate(shown, unit) === (limitBytesPerSecond ?? null) ? shown : rateText(limitBytesPerSecond, unit),
    );
  }, [limitBytesPerSecond, unit]);
  const commit = (newText: string, newUnit: RateUnit) => {
    const rate = parseRate(newText, newUnit);
    setWrong(rate === undefined);
    if (rate !== undefined && rate !== (limitBytesPerSecond ?? null)) save({ limitBytesPerSecond: rate });
  };
  return (
    <Field
      label={t('limit')}
      hint={t('limitHint')}
      error={isWrong ? t('limitWrong') : error}
      after={
        <>
          <div className="setting-unit">
            <Select
              label={t('limitUnit')}
              value={unit}
              onChange={(next) => {
                setUnit(next);
                commit(text, next);
              }}
              choices={UNITS.map((value) => ({ value, label: value }))}
            />
          </div>
          {mark}
        </>
      }
    >
      <TextInput
        value={text}
        onChange={setText}
        inputMode="decimal"
        placeholder={t('limitNone')}
        onBlur={() => commit(text, unit)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') commit(text, unit);
        }}
      />
    </Field>
  );
}

const UNITS = ['MiB/s', 'KiB/s', 'Mbit/s'] as const satisfies readonly (keyof typeof RATE_UNITS)[];

function Closing({ settings: { closeToTray } }: Props): ReactNode {
  const { t } = useTranslation('settings');
  const { save, mark, error } = useSaving();
  return (
    <Field label={t('closeToTray')} error={error} after={mark}>
      <Select
        value={closeToTray}
        onChange={(choice) => save({ closeToTray: choice })}
        choices={(['ask', 'tray', 'quit'] as const).map((value) => ({
          value,
          label: t(`closeChoice.${value}`),
        }))}
      />
    </Field>
  );
}

/** Programs come from there: nobody on the way may stand in for it, and its address goes to logs. */
function isFeed(text: string): boolean {
  if (text === '') return true;
  if (!URL.canParse(text)) return false;
  const { protocol, username, password, hostname } = new URL(text);
  return protocol === 'https:' && hostname !== '' && username === '' && password === '';
}

function UpdateFeed({ settings: { updateFeedUrl } }: Props): ReactNode {
  const { t } = useTranslation('settings');
  const { save, mark, error } = useSaving();
  const [text, setText] = useState(updateFeedUrl);
  const [isWrong, setWrong] = useState(false);
  useEffect(() => setText(updateFeedUrl), [updateFeedUrl]);
  const commit = () => {
    const url = text.trim();
    setWrong(!isFeed(url));
    if (isFeed(url) && url !== updateFeedUrl) save({ updateFeedUrl: url });
  };
  return (
    <Field
      label={t('updateFeed')}
      hint={t('updateFeedHint')}
      error={isWrong ? t('updateFeedWrong') : error}
      optional
      after={mark}
    >
      <TextInput
        value={text}
        onChange={setText}
        inputMode="url"
        maxLength={500}
        placeholder="https://mirror.example.com/imagebridge"
        onBlur={commit}
        onKeyDown={(event) => {
          if (event.key === 'Enter') commit();
        }}
      />
    </Field>
  );
}

const ErrorText = ({ text }: { text: string | undefined }): ReactNode =>
  text === undefined ? null : (
    <div className="field-error" role="alert">
      {text}
    </div>
  );
