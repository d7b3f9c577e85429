// Loaded into a client before anything else (`node --import`). The signal SIGUSR2 makes its clock jump, and its long timers
// can be made short, so that what takes minutes of silence needs none here. Touches this process only.

const jumpMs = Number(process.env.FAULTS_CLOCK_JUMP_MS ?? 0);
const isHasty = process.env.FAULTS_HASTY === '1';
/** Timers that are shorter stay as they are: they are waits between tries, not signs of a dead connection. */
const longTimerMs = 25_000;
const hastyTimerMs = 2_500;

if (jumpMs !== 0) {
  let offsetMs = 0;
  const RealDate = Date;
  const now = () => RealDate.now() + offsetMs;
  globalThis.Date = new Proxy(RealDate, {
    construct: (target, args: [], newTarget) =>
      Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget),
    get: (target, key) => (key === 'now' ? now : Reflect.get(target, key)),
  });
  process.on('SIGUSR2', () => {
    offsetMs = jumpMs;
  });
}

if (isHasty) {
  const realSetTimeout = globalThis.setTimeout;
  const faster = (call: (...args: unknown[]) => void, ms?: number, ...args: unknown[]) =>
    realSetTimeout(call, ms !== undefined && ms >= longTimerMs ? hastyTimerMs : ms, ...args);
  globalThis.setTimeout = Object.assign(faster, realSetTimeout) as typeof setTimeout;
}
