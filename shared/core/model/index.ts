// The vocabulary and the port. Imports nothing of ours outside this folder.
export * from './clock.ts';
export * from './cloud.ts';
export * from './errors.ts';
export * from './image.ts';
export * from './operation.ts';
export * from './profile.ts';
export * from './secret.ts';
export * from './source.ts';
export * from './upload.ts';
