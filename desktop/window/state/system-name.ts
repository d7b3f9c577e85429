// What people call the systems that the engine runs on. Pure.

const SYSTEMS: Readonly<Record<string, string>> = { darwin: 'macOS', linux: 'Linux', win32: 'Windows' };

/** The name of a platform of Node. */
export const systemName = (platform: string): string => SYSTEMS[platform] ?? platform;
