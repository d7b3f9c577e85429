// Generated from the provider's schema by generator/generate.ts: do not edit. Imports cdktf and constructs only.
/** Where Terraform finds the provider. */
export const providerSource = 'imagebridge/imagebridge';

/** The provider that these classes were generated for; constructs and provider are released together. */
export const generatorMetadata = {
  providerName: 'imagebridge',
  providerVersion: '0.1.0',
} as const;
