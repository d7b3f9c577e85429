// Stands for the core inside a single executable: runs the core that is embedded in it. Where a single executable can
// `require` only what Node has built in, the core gets a `require` that also finds packages beside the executable.
const { createRequire } = require('node:module');
const { getAsset } = require('node:sea');
const { compileFunction } = require('node:vm');

const module_ = { exports: {} };
// The build leaves only ASCII in it, which Node keeps in half the memory when it is told so.
const source = Buffer.from(getAsset('core.cjs')).toString('latin1');
compileFunction(source, ['exports', 'require', 'module'], { filename: 'core.cjs' })(
  module_.exports,
  createRequire(process.execPath),
  module_,
);
module.exports = module_.exports;
