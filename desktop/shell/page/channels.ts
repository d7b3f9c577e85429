// Names of the channels between the window's preload and the shell.

/** From the window to the shell; `menu` and `port` lead the other way. */
export const CHANNELS = {
  engine: 'imagebridge:engine',
  pickFiles: 'imagebridge:pick-files',
  pickSavePath: 'imagebridge:pick-save-path',
  saveText: 'imagebridge:save-text',
  reveal: 'imagebridge:reveal',
  menu: 'imagebridge:menu',
  port: 'imagebridge:port',
} as const;
