// For tests: gives a worker thread a `process.parentPort` as Electron's utility process has it. Run before the program.
import { EventEmitter } from 'node:events';
import { parentPort } from 'node:worker_threads';

/** A port of Node in the shape of Electron's. */
function electronPort(port) {
  return {
    on: (event, listener) => port.on(event, event === 'message' ? (data) => listener({ data }) : listener),
    postMessage: (message) => port.postMessage(message),
    start: () => port.start(),
    close: () => port.close(),
  };
}

const emitter = new EventEmitter();
// As there: messages wait for the first listener.
emitter.once('newListener', () => {
  parentPort.on('message', ({ data, ports }) =>
    emitter.emit('message', { data, ports: ports.map(electronPort) }),
  );
});
process.parentPort = emitter;
