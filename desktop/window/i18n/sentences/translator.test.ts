import { describe, expect, it } from 'vitest';
import { translator } from './translator.ts';

const say = translator([
  ['it is empty (0 bytes)', '文件为空（0 字节）'],
  ['read {0}', '读取 {0}'],
  ['read part {0} of {1}', '读取 {1} 的第 {0} 段'],
  ['job {0} failed: {1}', '任务 {0} 失败：{1}'],
  ['The disk is encrypted.', '磁盘已加密。'],
  ['Make one that is not. Or choose another cloud.', '请制作未加密的镜像，或选择其他云。'],
  ['its version', '版本'],
  ['its architecture', '架构'],
  ['not yet', ''],
]);

describe('a translator', () => {
  it.each([
    ['it is empty (0 bytes)', '文件为空（0 字节）'],
    ['read /a/b.iso', '读取 /a/b.iso'],
    // The entry that says most counts.
    ['read part 3 of disk.raw', '读取 disk.raw 的第 3 段'],
    // Values are sentences too.
    ['job j-1 failed: it is empty (0 bytes)', '任务 j-1 失败：文件为空（0 字节）'],
    // Several sentences, one of which is two in the catalogue.
    [
      'The disk is encrypted. Make one that is not. Or choose another cloud.',
      '磁盘已加密。请制作未加密的镜像，或选择其他云。',
    ],
    ['it is empty (0 bytes); read x', '文件为空（0 字节）；读取 x'],
    // A clause that was made a sentence.
    ['it is empty (0 bytes).', '文件为空（0 字节）。'],
    // A phrase at the beginning of a sentence, a value that is not there, a field before its fault.
    ['It is empty (0 bytes)', '文件为空（0 字节）'],
    ['job j-1 failed: ', '任务 j-1 失败：'],
    ['name: it is empty (0 bytes)', 'name：文件为空（0 字节）'],
    // Lists, if all of them is known.
    ['read its version and its architecture', '读取 版本、架构'],
    ['read its version, its name', '读取 its version, its name'],
    // What is in no catalogue, and what has no translation yet.
    ['Forbidden by policy 7.', 'Forbidden by policy 7.'],
    ['not yet', 'not yet'],
    ['', ''],
  ])('says %j as %j', (text, said) => expect(say(text)).toBe(said));

  it('takes values of every kind, and none of their characters for its own', () => {
    expect(say('read $& {1} $1\n<b>')).toBe('读取 $& {1} $1\n<b>');
  });

  it('keeps what it does not know of a longer text', () => {
    expect(say('The disk is encrypted. Ask Bob.')).toBe('磁盘已加密。Ask Bob.');
    expect(say('Ask Bob. The disk is encrypted.')).toBe('Ask Bob. 磁盘已加密。');
  });
});
