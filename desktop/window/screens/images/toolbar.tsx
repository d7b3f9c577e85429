// Whose images are shown, and what the list is narrowed by.
import type { CloudView, ImageView, ProfileView } from '@imagebridge/desktop-contract';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { SearchInput, Segmented, Select, visible } from '../../kit/index.ts';
import { type ImageFilter, systemKind, valuesOf } from './arrange.ts';
import { type Place, SCOPES } from './place.ts';

/** Cloud, region and scope. */
export function PlaceBar({
  place,
  profiles,
  cloud,
  onPlace,
}: {
  place: Place;
  profiles: readonly ProfileView[];
  cloud: CloudView | undefined;
  onPlace: (place: Place) => void;
}): ReactNode {
  const { t } = useTranslation('images');
  const regions = cloud === undefined ? [] : [...new Set([cloud.region, ...cloud.regions])];
  const region = place.region ?? cloud?.region;
  return (
    <div className="images-bar">
      <div className="images-cloud">
        <Select
          label={t('cloud')}
          value={place.cloud}
          onChange={(name) => onPlace({ ...place, cloud: name, region: undefined, image: undefined })}
          choices={profiles.map(({ name, family, place: from }) => ({
            value: name,
            label: visible(name),
            detail: family === undefined ? from : t(`common:family.${family}`),
          }))}
        />
      </div>
      {regions.length > 1 || (region !== undefined && !regions.includes(region)) ? (
        <div className="images-region">
          <Select
            label={t('region')}
            value={region}
            onChange={(chosen) => onPlace({ ...place, region: chosen, image: undefined })}
            choices={[...new Set([...(region === undefined ? [] : [region]), ...regions])]
              .sort()
              .map((value) => ({ value, label: visible(value) }))}
          />
        </div>
      ) : null}
      <Segmented
        label={t('scope.label')}
        hideLabel
        value={place.scope}
        onChange={(scope) => onPlace({ ...place, scope, image: undefined })}
        choices={SCOPES.map((value) => ({ value, label: t(`scope.${value}`) }))}
      />
    </div>
  );
}

/** Stands for "whatever it is": no service has such a word. */
const ANY = '*';

/** Search and filters. */
export function FilterBar({
  filter,
  images,
  onFilter,
}: {
  filter: ImageFilter;
  images: readonly ImageView[];
  onFilter: (filter: ImageFilter) => void;
}): ReactNode {
  const { t } = useTranslation('images');
  const choose = (
    key: 'status' | 'format' | 'system',
    values: readonly string[],
    label: (value: string) => string,
  ) => (
    <Select
      label={t(`filter.${key}`)}
      value={filter[key] ?? ANY}
      onChange={(value) => onFilter({ ...filter, [key]: value === ANY ? undefined : value })}
      choices={[
        { value: ANY, label: t(`filter.any.${key}`) },
        ...[...new Set([...values, ...(filter[key] === undefined ? [] : [filter[key]])])].map((value) => ({
          value,
          label: label(value),
        })),
      ]}
    />
  );
  return (
    <div className="images-filters">
      <SearchInput
        label={t('search')}
        value={filter.text}
        onChange={(text) => onFilter({ ...filter, text })}
        onKeyDown={(event) => {
          if (event.key !== 'Escape' || filter.text === '') return;
          event.stopPropagation();
          onFilter({ ...filter, text: '' });
        }}
      />
      {choose(
        'status',
        valuesOf(images, (image) => image.status),
        (value) => t(`status.${value}`),
      )}
      {choose(
        'format',
        valuesOf(images, (image) => image.diskFormat ?? ''),
        (value) => visible(value),
      )}
      {choose('system', valuesOf(images, systemKind), (value) => visible(value))}
    </div>
  );
}
