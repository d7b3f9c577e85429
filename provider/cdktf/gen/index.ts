// Generated from the provider's schema by generator/generate.ts: do not edit. Imports cdktf and constructs only.

export * from './data-imagebridge-image.ts';
export * from './data-imagebridge-image-file.ts';
export * from './data-imagebridge-images.ts';
export * from './data-imagebridge-job.ts';
export * from './data-imagebridge-members.ts';
export * from './data-imagebridge-os-versions.ts';
export * from './data-imagebridge-quotas.ts';
export * from './ephemeral-imagebridge-image-download-url.ts';
export * from './imagebridge-channel.ts';
export * from './imagebridge-functions.ts';
export * from './imagebridge-image.ts';
export * from './imagebridge-image-copy.ts';
export * from './imagebridge-image-export.ts';
export * from './imagebridge-image-retention.ts';
export * from './imagebridge-image-share.ts';
export * from './imagebridge-image-share-acceptance.ts';
export * from './imagebridge-image-shares.ts';
export * from './imagebridge-provider.ts';
