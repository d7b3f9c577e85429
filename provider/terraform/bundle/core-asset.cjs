// Stands for the core in a single executable: runs the core that is embedded in it. The `require` of a single executable gives
// only what Node has built in; the core gets one that also finds packages beside the executable.
const { createRequire } = require('node:module');
const { getAsset } = require('node:sea');
const { codeCacheDir, runModule } = require('./code-cache.ts');

// The build leaves only ASCII in it, which Node keeps in half the memory when it is told so.
const source = Buffer.from(getAsset('core.cjs')).toString('latin1');
const folder = codeCacheDir(process.env, process.platform);
module.exports = runModule(source, CORE_DIGEST, 'core.cjs', createRequire(process.execPath), folder);
