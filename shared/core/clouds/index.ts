// The clouds. Imports model and http only.
export { BaseCloud } from './base-cloud.ts';
export { openBucketStore } from './object-store/bucket-store.ts';
export { type OpenCloudOptions, openCloud } from './open-cloud.ts';
export { findOperation, OPERATIONS, verifiedAgainst } from './operations.ts';
