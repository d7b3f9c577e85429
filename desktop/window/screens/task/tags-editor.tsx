// Tags of an image: names with values.
import { Plus, X } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button, IconButton, TextInput } from '../../kit/index.ts';

interface Line {
  key: number;
  name: string;
  value: string;
}

let nextKey = 1;
const linesOf = (tags: Readonly<Record<string, string>>): Line[] =>
  Object.entries(tags).map(([name, value]) => ({ key: nextKey++, name, value }));
const tagsOf = (lines: readonly Line[]) =>
  Object.fromEntries(lines.flatMap(({ name, value }) => (name.trim() === '' ? [] : [[name.trim(), value]])));

/** The editor. A line without a name counts for nothing. */
export function TagsEditor({
  tags,
  onChange,
}: {
  tags: Readonly<Record<string, string>>;
  onChange: (tags: Record<string, string>) => void;
}): ReactNode {
  const { t } = useTranslation('task');
  const [lines, setLines] = useState<readonly Line[]>(() => linesOf(tags));
  // Tags that come from elsewhere (another cloud's habits) replace the lines; one's own changes do not.
  const [told, setTold] = useState(JSON.stringify(tags));
  const given = JSON.stringify(tags);
  if (given !== told) {
    setTold(given);
    if (given !== JSON.stringify(tagsOf(lines))) setLines(linesOf(tags));
  }
  const set = (next: readonly Line[]) => {
    setLines(next);
    const made = tagsOf(next);
    setTold(JSON.stringify(made));
    onChange(made);
  };
  const setLine = (key: number, change: Partial<Line>) =>
    set(lines.map((line) => (line.key === key ? { ...line, ...change } : line)));
  return (
    <fieldset className="tags-editor">
      <legend className="field-label">
        {t('form.tags')} <span className="muted">· {t('common:optional')}</span>
      </legend>
      {lines.map((line, i) => (
        <div key={line.key} className="tags-line">
          <TextInput
            aria-label={t('form.tagName', { n: i + 1 })}
            placeholder={t('form.tagNameExample')}
            value={line.name}
            onChange={(name) => setLine(line.key, { name })}
          />
          <TextInput
            aria-label={t('form.tagValue', { n: i + 1 })}
            placeholder={t('form.tagValueExample')}
            value={line.value}
            onChange={(value) => setLine(line.key, { value })}
          />
          <IconButton
            size="small"
            label={t('form.tagRemove', { n: i + 1 })}
            icon={<X size={16} aria-hidden />}
            onClick={() => set(lines.filter(({ key }) => key !== line.key))}
          />
        </div>
      ))}
      <div>
        <Button
          size="small"
          icon={<Plus size={15} aria-hidden />}
          onClick={() => setLines([...lines, { key: nextKey++, name: '', value: '' }])}
        >
          {t('form.tagAdd')}
        </Button>
      </div>
    </fieldset>
  );
}
