// The provider: its configuration, its resources and data sources. Starts nothing.
import { channelResource } from './channel/resource.ts';
import { Connections } from './config/connections.ts';
import { providerSchema } from './config/schema.ts';
import { validateProviderConfig } from './config/validate.ts';
import { copyResource } from './copy/resource.ts';
import { imageDataSource } from './data/image.ts';
import { imageFileDataSource } from './data/image-file.ts';
import { imagesDataSource } from './data/images.ts';
import { jobDataSource } from './data/job.ts';
import { membersDataSource } from './data/members.ts';
import { osVersionsDataSource } from './data/os-versions.ts';
import { quotasDataSource } from './data/quotas.ts';
import { defineProvider } from './definers.ts';
import { diagnose } from './diagnose.ts';
import { imageDownloadUrlResource } from './ephemeral/image-download-url.ts';
import { exportResource } from './export/resource.ts';
import { imageNameFunction } from './function/image-name.ts';
import { fileSha256Function, inspectFileFunction } from './function/local-file.ts';
import { imageResource } from './image/resource.ts';
import { retentionResource } from './retention/resource.ts';
import { shareAcceptanceResource } from './share/acceptance-resource.ts';
import { shareResource } from './share/resource.ts';
import { sharesResource } from './share/shares-resource.ts';

/** The ImageBridge provider. */
export const provider = defineProvider({
  address: 'registry.terraform.io/imagebridge/imagebridge',
  version: '0.1.0',
  schema: providerSchema,
  configure: async ({ config, log }) => new Connections(config, process.env, log),
  finish: ({ provider: connections, signal }) => connections.finish(signal),
  validateConfig: async ({ config, diagnostics }) => validateProviderConfig(config, diagnostics),
  resources: {
    imagebridge_image: imageResource,
    imagebridge_image_share: shareResource,
    imagebridge_image_shares: sharesResource,
    imagebridge_image_share_acceptance: shareAcceptanceResource,
    imagebridge_image_copy: copyResource,
    imagebridge_image_export: exportResource,
    imagebridge_channel: channelResource,
    imagebridge_image_retention: retentionResource,
  },
  dataSources: {
    imagebridge_image: imageDataSource,
    imagebridge_images: imagesDataSource,
    imagebridge_os_versions: osVersionsDataSource,
    imagebridge_quotas: quotasDataSource,
    imagebridge_members: membersDataSource,
    imagebridge_job: jobDataSource,
    imagebridge_image_file: imageFileDataSource,
  },
  ephemeralResources: { imagebridge_image_download_url: imageDownloadUrlResource },
  functions: {
    inspect_file: inspectFileFunction,
    file_sha256: fileSha256Function,
    image_name: imageNameFunction,
  },
  diagnose: (error) => diagnose(error),
});
