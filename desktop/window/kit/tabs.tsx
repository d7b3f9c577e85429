// Tabs: several panels in one place.
import { Tabs as BaseTabs } from '@base-ui/react/tabs';
import type { ReactNode } from 'react';

/** Panels behind tabs. The first one is shown. */
export function Tabs({
  tabs,
  label,
}: {
  tabs: readonly { value: string; label: ReactNode; content: ReactNode }[];
  label: string;
}): ReactNode {
  return (
    <BaseTabs.Root defaultValue={tabs[0]?.value} className="col gap-4">
      <BaseTabs.List className="tabs-list" aria-label={label}>
        {tabs.map((tab) => (
          <BaseTabs.Tab key={tab.value} value={tab.value} className="tab">
            {tab.label}
          </BaseTabs.Tab>
        ))}
      </BaseTabs.List>
      {tabs.map((tab) => (
        <BaseTabs.Panel key={tab.value} value={tab.value}>
          {tab.content}
        </BaseTabs.Panel>
      ))}
    </BaseTabs.Root>
  );
}
