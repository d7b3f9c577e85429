// The data source imagebridge_image_file: what a local file is, and what clouds will say to it. Sends nothing.
import type { ImageCloud, Inspection } from '@imagebridge/core';
import { a, type KnownConfigModel, path, schema, t, validators } from '@imagebridge/terraform-plugin';
import type { Connections } from '../config/connections.ts';
import { core } from '../core.ts';
import { defineDataSource } from '../definers.ts';
import { at } from '../diagnose.ts';
import { notBlank, sha256Hex, wholeNumber } from '../validators.ts';
import { number, text } from './attributes.ts';
import { FACTS, findingsState, inspectionState } from './inspection.ts';

const findings = (description: string) =>
  a.nestedList({
    computed: true,
    description,
    attributes: {
      severity: text(
        '`error`: it will be refused, or is dangerous; `warning`: probably not what is wanted; `info`.',
      ),
      code: text('Short and stable, e.g. `qcow2-backing-file`.'),
      message: text('One sentence.'),
      remedy: text('What to do about it.'),
    },
  });

const wish = (description: string) => a.string({ optional: true, description, validators: [notBlank] });

const imageFileSchema = schema({
  description:
    'What a local image file is, found by its content, and what clouds will say to it. No cloud is asked, and nothing is sent.',
  attributes: {
    path: a.string({
      required: true,
      description: 'Path of the file, relative to the working directory.',
      validators: [notBlank],
    }),
    compute_sha256: a.bool({
      optional: true,
      description:
        'True: read the whole file for its `sha256`. It is remembered by path, size and time of change. Default: only where `sha256` is given.',
    }),
    sha256: a.string({
      optional: true,
      computed: true,
      description: 'SHA-256 in hex. Where it is given, another content is an error.',
      validators: [sha256Hex],
    }),
    clouds: a.set({
      element: t.string,
      optional: true,
      description:
        "Clouds to judge the file for: names of the provider's `clouds`, or of profiles. Their verdicts are in `verdicts`.",
      validators: [validators.each(notBlank)],
    }),
    intended: a.single({
      optional: true,
      description: 'What the image is to be, as far as clouds judge by it.',
      attributes: {
        name: wish('Name of the image.'),
        os_version: wish(
          "Operating system as the cloud's catalogue spells it; some clouds need it for an ISO.",
        ),
        boot_mode: a.string({
          optional: true,
          description: 'Firmware: `bios` or `uefi`.',
          validators: [validators.oneOf('bios', 'uefi')],
        }),
        architecture: wish('Processor architecture, as the cloud spells it.'),
        min_disk_gib: a.number({
          optional: true,
          description: 'The smallest disk a server made from it may have, in GiB.',
          validators: [wholeNumber(1)],
        }),
        disk_format: wish('Format that the cloud is told. Default: what the content is.'),
        data_disk: a.bool({
          optional: true,
          description: 'True: the disk of data only; nothing starts from it.',
        }),
      },
    }),
    format: text(FACTS.format),
    variant: text(FACTS.variant),
    compression: text(FACTS.compression),
    file_size_bytes: number(FACTS.file_size_bytes),
    virtual_size_bytes: number(FACTS.virtual_size_bytes),
    boot: text(FACTS.boot),
    architecture: text(FACTS.architecture),
    os_type: text(FACTS.os_type),
    os_hint: text(FACTS.os_hint),
    volume_label: text(FACTS.volume_label),
    partition_table: text(FACTS.partition_table),
    file_system: text(FACTS.file_system),
    encrypted: a.bool({ computed: true, description: FACTS.encrypted }),
    features: a.list({ element: t.string, computed: true, description: FACTS.features }),
    findings: findings('What anybody should know before the file is sent.'),
    verdicts: a.nestedMap({
      computed: true,
      description: 'What each of `clouds` will say, by its name.',
      attributes: {
        accepted: a.bool({ computed: true, description: 'False where a finding is an error.' }),
        findings: findings('What should be known for this very cloud.'),
      },
    }),
  },
});

type Config = KnownConfigModel<typeof imageFileSchema>;

const NOTHING_INTENDED: NonNullable<Config['intended']> = {
  name: null,
  os_version: null,
  boot_mode: null,
  architecture: null,
  min_disk_gib: null,
  disk_format: null,
  data_disk: null,
};

export const imageFileDataSource = defineDataSource({
  schema: imageFileSchema,

  async read({ config, provider, signal }) {
    const { inspectFile } = await core();
    try {
      const found = await inspectFile(config.path, { signal });
      const sha256 = await hashed(config, provider, signal);
      const clouds = await Promise.all(
        (config.clouds ?? []).map(async (name) => [name, await cloudNamed(provider, name)] as const),
      );
      const verdicts = await Promise.all(
        clouds.map(async ([name, cloud]) => [name, await verdict(found, config, cloud)] as const),
      );
      return {
        ...config,
        ...inspectionState(found),
        sha256,
        findings: findingsState(found.findings),
        verdicts: Object.fromEntries(verdicts),
      };
    } catch (error) {
      throw at(path('path'), error);
    }
  },
});

async function hashed(config: Config, provider: Connections, signal: AbortSignal): Promise<string | null> {
  if (config.sha256 === null && config.compute_sha256 !== true) return null;
  const { fileSha256, IntegrityError } = await core();
  const sha256 = await fileSha256(config.path, { ...(await provider.engine()), signal });
  if (config.sha256 === null || config.sha256 === sha256) return sha256;
  throw at(
    path('sha256'),
    new IntegrityError({
      operation: `verify ${config.path}`,
      reason: `its SHA-256 is ${sha256}, and not ${config.sha256}`,
      hint: 'Get the file again, or correct sha256.',
    }),
  );
}

async function cloudNamed(provider: Connections, name: string): Promise<ImageCloud> {
  try {
    return await provider.cloud({ cloud: name, region: null });
  } catch (error) {
    throw at(path('clouds'), error);
  }
}

async function verdict(found: Inspection, { intended }: Config, { family, capabilities }: ImageCloud) {
  const { judgeFor } = await core();
  const wanted = intended ?? NOTHING_INTENDED;
  const { name, os_version, boot_mode, architecture, min_disk_gib } = wanted;
  const judged = judgeFor(found, {
    family,
    capabilities,
    diskFormat: wanted.disk_format ?? undefined,
    dataDisk: wanted.data_disk ?? undefined,
    image: {
      ...(name === null ? {} : { name }),
      ...(os_version === null ? {} : { osVersion: os_version }),
      ...(boot_mode === 'bios' || boot_mode === 'uefi' ? { bootMode: boot_mode } : {}),
      ...(architecture === null ? {} : { architecture }),
      ...(min_disk_gib === null ? {} : { minDiskGiB: min_disk_gib }),
    },
  });
  return {
    accepted: judged.every(({ severity }) => severity !== 'error'),
    findings: findingsState(judged),
  };
}
