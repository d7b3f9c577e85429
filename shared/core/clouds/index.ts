// The clouds. Imports model and http only.
export { BaseCloud } from './base-cloud.ts';
export { type OpenCloudOptions, openCloud } from './open-cloud.ts';
export { findOperation, OPERATIONS, verifiedAgainst } from './operations.ts';
