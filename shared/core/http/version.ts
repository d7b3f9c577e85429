// The version that this client names itself with. Imports nothing.

/** Version of the package; a test holds it equal to package.json. */
export const VERSION = '0.1.0';

/** Sent with every request. */
export const USER_AGENT = `imagebridge/${VERSION}`;
