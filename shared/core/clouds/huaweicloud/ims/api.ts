// The wire client of the image service: one typed function per operation, by topic. Numbers are those of the seeds' index.
export * from './create.ts';
export * from './deprecated.ts';
export * from './descriptions.ts';
export * from './images.ts';
export * from './imports.ts';
export * from './native-images.ts';
export * from './native-members.ts';
export * from './sharing.ts';
export * from './transfer.ts';
