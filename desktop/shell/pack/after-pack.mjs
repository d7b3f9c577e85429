// Sets the fuses of the packed Electron, before it is signed: what the app does not need cannot be switched on any more.
import path from 'node:path';
import { FuseV1Options, FuseVersion, flipFuses } from '@electron/fuses';

/** Every fuse that this Electron has; a new one that is not named here stops the packing. */
export const FUSES = {
  // The app is no Node for others, and takes no switches for Node.
  [FuseV1Options.RunAsNode]: false,
  [FuseV1Options.EnableNodeOptionsEnvironmentVariable]: false,
  [FuseV1Options.EnableNodeCliInspectArguments]: false,
  [FuseV1Options.EnableCookieEncryption]: true,
  // Its code comes from its archive, whose digest is in the program.
  [FuseV1Options.EnableEmbeddedAsarIntegrityValidation]: true,
  [FuseV1Options.OnlyLoadAppFromAsar]: true,
  [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
  // Pages come from app:, never from file:.
  [FuseV1Options.GrantFileProtocolExtraPrivileges]: false,
  // As Electron has it: the hash threads use WebAssembly.
  [FuseV1Options.WasmTrapHandlers]: true,
};

/** The program among the packed files. */
export function programOf({ appOutDir, electronPlatformName, packager }) {
  if (electronPlatformName === 'darwin')
    return path.join(appOutDir, `${packager.appInfo.productFilename}.app`);
  if (electronPlatformName === 'win32')
    return path.join(appOutDir, `${packager.appInfo.productFilename}.exe`);
  return path.join(appOutDir, packager.executableName);
}

/** Called by electron-builder. */
export default async function afterPack(context) {
  await flipFuses(programOf(context), {
    version: FuseVersion.V1,
    strictlyRequireAllFuses: true,
    // Changing the file breaks the signature that it came with on Apple silicon; without a certificate none would follow.
    resetAdHocDarwinSignature: context.electronPlatformName === 'darwin',
    ...FUSES,
  });
}
