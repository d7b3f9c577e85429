// A provider configuration for tests: everything absent but what is given. Imports types only.
import type { ProviderConfig } from './connections.ts';

/** The configuration of an empty provider block, with some values set. */
export const providerConfig = (more: Partial<ProviderConfig> = {}): ProviderConfig => ({
  clouds: null,
  config_file: null,
  default_cloud: null,
  default_tags: null,
  state_dir: null,
  upload_limit_bytes_per_second: null,
  upload_parallel_parts: null,
  requests_per_second: null,
  parallel_requests: null,
  ...more,
});
