// Profiles and paths of this user. Imports model only.
export type { Environment } from './interpolate.ts';
export { parseProfile } from './parse-profile.ts';
export { profilesPath, stateDir } from './paths.ts';
export { type LoadProfilesOptions, loadProfiles, type Profiles } from './profiles.ts';
