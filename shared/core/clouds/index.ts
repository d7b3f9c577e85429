// The clouds. Imports model and http only.
export { type OpenCloudOptions, openCloud } from './open-cloud.ts';
