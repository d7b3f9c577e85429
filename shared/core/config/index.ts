// Profiles, their secrets, and paths of this user. Imports model and http.

export { type BucketOptions, bucketSettings } from './bucket-settings.ts';
export { type ForeignCloud, parseCloudsYaml } from './clouds-yaml-text.ts';
export type { ProfileDescription, ProfileSummary } from './describe.ts';
export { type EnvironmentProfile, profilesFromEnvironment } from './environment.ts';
export type { Environment } from './interpolate.ts';
export type { NewProfile, RemovedSecrets } from './manage.ts';
export { parseProfile, SECRET_FIELDS } from './parse-profile.ts';
export { profilesPath, stateDir } from './paths.ts';
export { type LoadProfilesOptions, loadProfiles, type Profiles } from './profiles.ts';
export {
  openSecretStore,
  type SecretPlace,
  type SecretStoreOptions,
  secretPlace,
} from './secret-store.ts';
export type { SourceKind } from './sources.ts';
