// The engine as a process of the app (Electron's utilityProcess). Its messages are `ProcessMessage` of the contract, each with
// one port. Ends when the app is gone, after pausing everything.
import { ImageBridgeError } from '@imagebridge/core';
import { hostCommand, portLine, processMessage, type Transport } from '@imagebridge/desktop-contract';
import type { Host } from '../context.ts';
import { type Engine, startEngine } from '../engine.ts';
import { guardProcess } from './guard.ts';
import { isPort } from './is-port.ts';

/** What is used of `process.parentPort`. */
interface ParentPort {
  on(event: 'message', listener: (event: { data: unknown; ports: readonly unknown[] }) => void): unknown;
}

/** Everything has been paused long before; a service that hangs must not keep a process of a closed app. */
const LONGEST_STOP_MS = 15_000;

const parent: unknown = Reflect.get(process, 'parentPort');
if (!isParentPort(parent)) {
  process.stderr.write(
    'imagebridge: this program is started by the app; in a terminal use npm run desktop:web.\n',
  );
  process.exit(2);
}

let engine: Promise<Engine> | undefined;
parent.on('message', ({ data, ports: [port] }) => {
  const message = processMessage.safeParse(data);
  if (!message.success || !isPort(port)) return;
  if (message.data.type === 'window') {
    const line = portLine(port);
    // A window without an engine learns it by the end of its line.
    if (engine === undefined) line.close();
    else engine.then((running) => running.connect(line)).catch(() => line.close());
    return;
  }
  const { locale, dataDir } = message.data;
  if (engine !== undefined) return port.close();
  engine = start(portLine(port), locale, dataDir);
  engine.catch(() => {});
});

async function start(line: Transport, locale: string, dataDir: string | undefined): Promise<Engine> {
  try {
    const running = await startEngine({ variant: 'app', host: hostOf(line), locale, dataDir });
    const end = () => void stop(running);
    guardProcess(running.log, end);
    // The app has closed the port, or died.
    line.onClose(end);
    for (const signal of ['SIGINT', 'SIGTERM', 'disconnect'] as const) process.on(signal, end);
    return running;
  } catch (thrown) {
    const why =
      thrown instanceof ImageBridgeError
        ? thrown.message
        : `The uploader could not start: ${thrown instanceof Error ? thrown.message : String(thrown)}`;
    line.send({ type: 'failed', message: why });
    exitSoon(1);
    throw thrown;
  }
}

async function stop(running: Engine): Promise<void> {
  setTimeout(() => process.exit(1), LONGEST_STOP_MS).unref();
  await running.stop();
}

/** The last report has to get out first. */
const exitSoon = (code: number) => void setTimeout(() => process.exit(code), 200);

/** The app as the engine sees it. What is no command is dropped. */
function hostOf(line: Transport): Host {
  const listeners: Parameters<Host['onCommand']>[0][] = [];
  line.onMessage((message) => {
    const command = hostCommand.safeParse(message);
    if (command.success) for (const listener of listeners) listener(command.data);
  });
  return {
    report(report) {
      line.send(report);
      if (report.type === 'stopped') exitSoon(0);
    },
    onCommand: (listener) => listeners.push(listener),
  };
}

function isParentPort(value: unknown): value is ParentPort {
  return typeof value === 'object' && value !== null && typeof Reflect.get(value, 'on') === 'function';
}
