// Generated from the provider's schema by generator/generate.ts: do not edit. Imports cdktf and constructs only.

export * from './data-imagebridge-image.ts';
export * from './imagebridge-image.ts';
export * from './imagebridge-image-copy.ts';
export * from './imagebridge-image-share.ts';
export * from './imagebridge-image-share-acceptance.ts';
export * from './imagebridge-provider.ts';
