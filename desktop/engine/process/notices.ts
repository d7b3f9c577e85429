// What notifications of the system say, in the language of the settings. Pure.
import type { EngineEvent, Settings } from '@imagebridge/desktop-contract';

type Notice = Extract<EngineEvent, { type: 'notice' }>;
type Words = Readonly<Record<Notice['key'], readonly [title: string, body: string]>>;

/** `{name}` and the like are filled in from the notice; a name that it does not have becomes nothing. */
const TEXTS: Readonly<Record<'en' | 'zh-CN', Words>> = {
  en: {
    done: ['Upload finished', '{name} has arrived in {cloud}.'],
    attention: ['An upload needs you', '{name}: {reason}'],
    credentials: [
      'Sign in again',
      'The credentials of {cloud} are no longer accepted. Uploads wait for new ones.',
    ],
    'file-changed': [
      'A file has changed',
      '{name} is not what it was when its upload began. Decide how to go on.',
    ],
    adopted: ['Upload found', '{name} was begun by another program on this computer.'],
    'queue-empty': ['All uploads are finished', 'The queue is empty.'],
  },
  'zh-CN': {
    done: ['上传完成', '{name} 已到达 {cloud}。'],
    attention: ['有上传需要处理', '{name}：{reason}'],
    credentials: ['请重新登录', '{cloud} 的凭证已失效，上传将等待新的凭证。'],
    'file-changed': ['文件已更改', '{name} 与开始上传时不同，请决定如何继续。'],
    adopted: ['发现上传任务', '{name} 由此计算机上的其他程序开始。'],
    'queue-empty': ['全部上传已完成', '队列已空。'],
  },
};

/** What went wrong, in Chinese, by the kind of the problem: the whole of it is in the window. */
const KINDS: Readonly<Record<string, string>> = {
  authentication: '凭证未被接受',
  permission: '没有权限',
  'not-found': '对象不存在',
  conflict: '名称或状态冲突',
  quota: '配额不足',
  'invalid-input': '填写的内容有误',
  throttled: '请求过于频繁',
  unavailable: '无法连接到云',
  'job-failed': '云端任务失败',
  unsupported: '该云不支持此操作',
  integrity: '云端内容与文件不一致',
  'file-changed': '文件已更改',
  'local-file': '无法读取本机文件',
  busy: '正被其他程序使用',
  refused: '该云不接受此文件',
  protocol: '无法识别云的响应',
};

const MAX_VALUE_CHARS = 160;

/**
 * Title and body of a notification.
 * @param locale the system's language, for the setting `system`
 */
export function noticeText(
  notice: Notice,
  language: Settings['language'],
  locale: string,
): { title: string; body: string } {
  const chosen =
    language === 'system' ? (/^zh\b/i.test(locale.replace('_', '-')) ? 'zh-CN' : 'en') : language;
  const [title, body] = TEXTS[chosen][notice.key];
  const { problem } = notice;
  const reason =
    problem && (chosen === 'en' ? problem.message : (KINDS[problem.kind] ?? '请打开窗口查看详情'));
  const values: Readonly<Record<string, string>> = {
    ...notice.values,
    ...(reason === undefined ? {} : { reason }),
  };
  const fill = (text: string) =>
    text.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
      Object.hasOwn(values, name) ? plain(values[name] ?? '') : '',
    );
  return { title: fill(title), body: fill(body).trim() };
}

/** Names may hold anything: without line breaks, controls and marks that turn the direction of the text around. */
function plain(text: string): string {
  const clean = text.replaceAll(/[\p{Cc}\p{Cf}]+/gu, ' ');
  return clean.length > MAX_VALUE_CHARS ? `${clean.slice(0, MAX_VALUE_CHARS - 1)}…` : clean;
}
