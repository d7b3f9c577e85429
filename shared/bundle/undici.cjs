// The part of undici that the core uses. Its index also loads fetch, WebSocket, mocks and caches, which the core never calls
// and each start would pay for.
const Agent = require('undici/lib/dispatcher/agent.js');
const Dispatcher = require('undici/lib/dispatcher/dispatcher.js');
const EnvHttpProxyAgent = require('undici/lib/dispatcher/env-http-proxy-agent.js');
const ProxyAgent = require('undici/lib/dispatcher/proxy-agent.js');
const { request } = require('undici/lib/api/index.js');

// As undici's index does.
Object.assign(Dispatcher.prototype, { request });

module.exports = {
  Agent,
  EnvHttpProxyAgent,
  ProxyAgent,
  /** undici's `request` for a URL and a dispatcher, which the core always gives. */
  request: (url, { dispatcher, ...options }) =>
    dispatcher.request({ ...options, origin: url.origin, path: `${url.pathname}${url.search}` }),
};
