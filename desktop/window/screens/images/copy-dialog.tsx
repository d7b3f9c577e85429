// A copy of an image: in its region, to another region, or to another cloud.

import { type ReactNode, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Combobox, Field, Note, ProblemNote, Select, TextInput, visible } from '../../kit/index.ts';
import { useCloudView } from '../../state/cloud-view.ts';
import { useAsk, useProfiles } from '../../state/hooks.ts';
import { systemsByName } from '../../state/systems.ts';
import { ActionDialog, type ActionProps, useStarter } from './action-dialog.tsx';
import { absence, nameFault } from './actions.ts';

type Where = 'here' | 'region' | 'cloud';

/** The form. */
export function CopyDialog({ target, onClose }: ActionProps): ReactNode {
  const { t } = useTranslation('images');
  const { cloud, place } = target;
  const [image] = useState(target.image);
  const profiles = useProfiles();
  const others = profiles.filter(({ name }) => name !== place.cloud);
  const isTryOut = profiles.some(({ name, isLocal }) => name === place.cloud && isLocal);
  const noCopy = absence(cloud, 'copyInRegion');
  const noRegion = absence(cloud, 'copyCrossRegion');
  const [where, setWhere] = useState<Where>(
    noCopy === undefined ? 'here' : noRegion === undefined ? 'region' : 'cloud',
  );
  const [typedName, setName] = useState<string>();
  const [description, setDescription] = useState(image.description ?? '');
  const otherRegions = cloud.regions.filter((one) => one !== cloud.region);
  // With one other region there is nothing to choose.
  const [region, setRegion] = useState(otherRegions.length === 1 ? (otherRegions[0] ?? '') : '');
  const [agency, setAgency] = useState('');
  const [toCloud, setToCloud] = useState(others[0]?.name);
  const [toRegion, setToRegion] = useState<string>();
  const [system, setSystem] = useState<string>();
  const { run, busy, problem } = useStarter('images.copy', onClose);

  const other = useCloudView(where === 'cloud' && toCloud !== undefined ? { cloud: toCloud } : undefined);
  const otherPlace =
    toCloud === undefined || toRegion === undefined
      ? { cloud: toCloud ?? '' }
      : { cloud: toCloud, region: toRegion };
  const hasCatalogue = where === 'cloud' && other.data?.abilities.osCatalogue === true;
  const catalogue = useAsk('clouds.osVersions', hasCatalogue ? otherPlace : undefined);
  const systems = useMemo(() => systemsByName(catalogue.data ?? []), [catalogue.data]);
  const chosenSystem = system === undefined ? undefined : systems.get(system);
  const receiver = where === 'cloud' ? other.data : cloud;
  // Most clouds refuse the same name twice in one region.
  const name = typedName ?? (where === 'here' ? `${image.name}-copy` : image.name);
  const fault = nameFault(receiver, name);
  const needsAgency = cloud.copyNeedsAgency === true;
  const isReady =
    name !== '' &&
    fault === undefined &&
    (where === 'here'
      ? noCopy === undefined
      : where === 'region'
        ? noRegion === undefined && region.trim() !== '' && !(needsAgency && agency.trim() === '')
        : toCloud !== undefined && other.problem === undefined);
  const submit = () =>
    run({
      ...place,
      name,
      ...(description === '' ? {} : { description }),
      ...(where === 'region' ? { toRegion: region.trim() } : {}),
      ...(where === 'region' && agency.trim() !== '' ? { agencyName: agency.trim() } : {}),
      ...(where === 'cloud' && toCloud !== undefined ? { toCloud } : {}),
      ...(where === 'cloud' && toRegion !== undefined ? { toRegion } : {}),
      ...(chosenSystem === undefined ? {} : { system: chosenSystem }),
    });

  return (
    <ActionDialog
      title={t('copy.title')}
      description={<span className="foreign">{visible(image.name)}</span>}
      confirm={t('copy.confirm')}
      isReady={isReady}
      busy={busy}
      problem={problem}
      onSubmit={() => void submit()}
      onClose={onClose}
    >
      <Field label={t('copy.where')}>
        <Select
          value={where}
          onChange={setWhere}
          choices={[
            {
              value: 'here',
              label: t('copy.here', { region: visible(cloud.region) }),
              detail: noCopy,
              disabled: noCopy !== undefined,
            },
            {
              value: 'region',
              label: t('copy.region'),
              detail: noRegion,
              disabled: noRegion !== undefined,
            },
            {
              value: 'cloud',
              label: t('copy.cloud'),
              detail: others.length === 0 ? t('copy.noOther') : undefined,
              disabled: others.length === 0,
            },
          ]}
        />
      </Field>
      {where === 'region' ? (
        <>
          <Field label={t('copy.toRegion')}>
            {otherRegions.length > 0 ? (
              <Select
                value={region === '' ? undefined : region}
                onChange={setRegion}
                placeholder={t('choose')}
                choices={otherRegions.map((value) => ({ value, label: visible(value) }))}
              />
            ) : (
              <TextInput value={region} onChange={setRegion} placeholder="cn-south-1" />
            )}
          </Field>
          {cloud.family === 'huaweicloud' || needsAgency ? (
            <Field
              label={t('copy.agency')}
              hint={t(isTryOut ? 'copy.agencyTryOut' : needsAgency ? 'copy.agencyNeeded' : 'copy.agencyHint')}
              optional={!needsAgency}
            >
              <TextInput value={agency} onChange={setAgency} />
            </Field>
          ) : null}
        </>
      ) : null}
      {where === 'cloud' && others.length === 0 ? <Note tone="warning">{t('copy.noOther')}</Note> : null}
      {where === 'cloud' && others.length > 0 ? (
        <>
          <div className="image-pair">
            <Field label={t('copy.toCloud')}>
              <Select
                value={toCloud}
                onChange={(chosen) => {
                  setToCloud(chosen);
                  setToRegion(undefined);
                  setSystem(undefined);
                }}
                choices={others.map(({ name: value, family }) => ({
                  value,
                  label: visible(value),
                  detail: family === undefined ? undefined : t(`common:family.${family}`),
                }))}
              />
            </Field>
            {other.data !== undefined && other.data.regions.length > 1 ? (
              <Field label={t('copy.toRegion')}>
                <Select
                  value={toRegion ?? other.data.region}
                  onChange={(chosen) => {
                    setToRegion(chosen);
                    setSystem(undefined);
                  }}
                  choices={other.data.regions.map((value) => ({ value, label: visible(value) }))}
                />
              </Field>
            ) : null}
          </div>
          {hasCatalogue ? (
            <Field label={t('copy.system')} hint={t('copy.systemHint')} optional>
              <Combobox
                value={system}
                onChange={setSystem}
                items={[...systems.keys()]}
                placeholder={t(catalogue.loading ? 'common:loading' : 'copy.systemFound')}
                empty={t('copy.systemNone')}
              />
            </Field>
          ) : null}
          {catalogue.problem ? <ProblemNote problem={catalogue.problem} /> : null}
          {other.problem ? <ProblemNote problem={other.problem} /> : <Note>{t('copy.acrossHint')}</Note>}
        </>
      ) : null}
      <Field label={t('field.name')} error={fault}>
        <TextInput value={name} onChange={setName} />
      </Field>
      <Field label={t('field.description')} optional>
        <TextInput value={description} onChange={setDescription} />
      </Field>
    </ActionDialog>
  );
}
