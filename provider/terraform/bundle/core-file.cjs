// Stands for the core in the program that runs on the user's Node: runs the file beside it.
const { readFileSync } = require('node:fs');
const { createRequire } = require('node:module');
const { join } = require('node:path');
const { codeCacheDir, runModule } = require('./code-cache.ts');

const file = join(__dirname, 'core.cjs');
// The build leaves only ASCII in it, which Node keeps in half the memory when it is told so.
const source = readFileSync(file, 'latin1');
const folder = codeCacheDir(process.env, process.platform);
module.exports = runModule(source, CORE_DIGEST, file, createRequire(file), folder);
