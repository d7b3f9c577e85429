// What the window shows, as data.
export * from './activity.ts';
export * from './cloud.ts';
export * from './files.ts';
export * from './history.ts';
export * from './image.ts';
export * from './problem.ts';
export * from './profile.ts';
export * from './settings.ts';
export * from './task.ts';
