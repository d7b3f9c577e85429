// The frame of the window: sections at the side, the screen beside them, what concerns all of it around.
import { CSPProvider } from '@base-ui/react/csp-provider';
import { Tooltip } from '@base-ui/react/tooltip';
import {
  Activity as ActivityIcon,
  Cloud,
  HardDriveUpload,
  History,
  Info,
  Layers,
  type LucideIcon,
  Settings as SettingsIcon,
  WifiOff,
} from 'lucide-react';
import { lazy, type ReactNode, Suspense, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { languageOf, setLanguage } from './i18n/index.ts';
import { useSay } from './i18n/say.ts';
import { Badge, Loading, Note, Toasts, useToast } from './kit/index.ts';
import { AddProvider, useAdd } from './screens/add/index.tsx';
import { Boundary } from './screens/crash/index.tsx';
import { QueueScreen } from './screens/queue/index.tsx';
import { ConnectionProvider } from './state/connection.tsx';
import { useActivities, useNotices, useOnline, useSettings, useTotals } from './state/hooks.ts';
import { hrefOf, navigate, type Screen, useRoute } from './state/route.ts';
import { bridge } from './state/transport.ts';
import { useTheme } from './theme/use-theme.ts';

// The queue is what the window opens with; the rest is loaded when it is first seen.
const OTHERS: Readonly<Record<Exclude<Screen, 'queue'>, React.ComponentType>> = {
  images: lazy(async () => ({ default: (await import('./screens/images/index.tsx')).ImagesScreen })),
  activities: lazy(async () => ({
    default: (await import('./screens/activities/index.tsx')).ActivitiesScreen,
  })),
  history: lazy(async () => ({ default: (await import('./screens/history/index.tsx')).HistoryScreen })),
  profiles: lazy(async () => ({ default: (await import('./screens/profiles/index.tsx')).ProfilesScreen })),
  settings: lazy(async () => ({ default: (await import('./screens/settings/index.tsx')).SettingsScreen })),
  about: lazy(async () => ({ default: (await import('./screens/about/index.tsx')).AboutScreen })),
};

/** The whole window. */
export function App(): ReactNode {
  return (
    <CSPProvider disableStyleElements>
      <Tooltip.Provider delay={500}>
        <Toasts>
          <ConnectionProvider waiting={(state) => <WaitingPage state={state} />}>
            <AddProvider>
              <Frame />
            </AddProvider>
          </ConnectionProvider>
        </Toasts>
      </Tooltip.Provider>
    </CSPProvider>
  );
}

function WaitingPage({ state }: { state: 'connecting' | 'lost' }): ReactNode {
  const { t } = useTranslation();
  if (state === 'connecting') return <Loading label={t('connecting')} />;
  return (
    <div className="lost">
      <Note tone="warning" title={t('lost')} live>
        {t('lostHint')}
      </Note>
    </div>
  );
}

const SECTIONS: readonly (readonly [Screen, string, LucideIcon])[] = [
  ['queue', 'uploads', HardDriveUpload],
  ['images', 'images', Layers],
  ['activities', 'activity', ActivityIcon],
  ['history', 'history', History],
  ['profiles', 'clouds', Cloud],
];

const LOWER: readonly (readonly [Screen, string, LucideIcon])[] = [
  ['settings', 'settings', SettingsIcon],
  ['about', 'about', Info],
];

function Frame(): ReactNode {
  const { t, i18n } = useTranslation();
  const { screen } = useRoute();
  const settings = useSettings();
  const online = useOnline();
  const totals = useTotals();
  const running = useActivities().filter(({ state }) => state === 'running').length;
  const toast = useToast();
  const add = useAdd();
  useTheme(settings.theme);

  const language = languageOf(settings.language);
  useEffect(() => {
    void setLanguage(language);
  }, [language]);
  useEffect(() => {
    document.title = i18n.t('appName');
  }, [i18n]);

  const say = useSay();
  useNotices((notice) => {
    // The list of uploads shows by itself what is done.
    if (screen === 'queue' && notice.key === 'done') return;
    toast({
      title: t(`notice.${notice.key}.title`, notice.values),
      body: t(`notice.${notice.key}.body`, {
        ...notice.values,
        message: notice.problem && say.problem(notice.problem).brief,
      }),
      urgent: notice.key !== 'done' && notice.key !== 'queue-empty' && notice.key !== 'adopted',
    });
  });

  const { pick } = add;
  useEffect(
    () =>
      bridge()?.onMenu((command) => {
        if (command.type === 'add') pick();
        else if (command.type === 'show') navigate(command.screen);
        else if (command.type === 'task') navigate('queue', { task: command.taskId });
        else document.querySelector<HTMLInputElement>('main input[type="search"]')?.focus();
      }),
    [pick],
  );

  const counts: Partial<Record<Screen, ReactNode>> = {
    queue:
      totals.attention > 0 ? (
        <Badge tone="warning">{totals.attention}</Badge>
      ) : totals.uploading > 0 ? (
        <Badge tone="accent">{totals.uploading}</Badge>
      ) : null,
    activities: running > 0 ? <Badge tone="accent">{running}</Badge> : null,
  };
  const section = ([to, key, Icon]: readonly [Screen, string, LucideIcon]) => (
    <a key={to} href={hrefOf(to)} className="nav-link" aria-current={to === screen ? 'page' : undefined}>
      <Icon size={18} aria-hidden />
      <span className="grow">{t(`nav.${key}`)}</span>
      {counts[to]}
    </a>
  );
  const Other = screen === 'queue' ? undefined : OTHERS[screen];

  return (
    <div className="frame">
      <button type="button" className="skip-link" onClick={() => document.getElementById('content')?.focus()}>
        {t('skipToContent')}
      </button>
      <nav className="sidebar" aria-label={t('nav.label')}>
        <div className="brand">
          <img src={new URL('./theme/logo.svg', import.meta.url).href} width={26} height={26} alt="" />
          <span>{t('appName')}</span>
        </div>
        {SECTIONS.map(section)}
        <div className="sidebar-end">{LOWER.map(section)}</div>
      </nav>
      <main id="content" className="content" tabIndex={-1}>
        {online ? null : (
          <div className="offline" role="status">
            <WifiOff size={16} aria-hidden />
            {t('offline')}
          </div>
        )}
        <Boundary key={screen}>
          {Other === undefined ? (
            <QueueScreen />
          ) : (
            <Suspense fallback={<Loading />}>
              <Other />
            </Suspense>
          )}
        </Boundary>
      </main>
    </div>
  );
}
