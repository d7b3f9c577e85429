// The windows that an engine serves: each gets a consistent picture first, and every event after it. Touches nothing else.
import {
  type EngineEvent,
  type Handlers,
  type Params,
  type Problem,
  type Result,
  type Session,
  serveContract,
  type Transport,
} from '@imagebridge/desktop-contract';
import type { Log } from '../context.ts';

/** A window that talks nonsense must not fill the log. */
const BAD_MESSAGES_TOLD = 20;

/** What windows are served with. */
export interface WindowsOptions {
  handlers: Omit<Handlers, 'app.hello'>;
  /** The whole picture, put together at once: nothing may happen in between. */
  greet: (params: Params<'app.hello'>) => Result<'app.hello'>;
  toProblem: (thrown: unknown) => Problem;
  log: Log;
}

/** All windows of an engine. */
export class Windows {
  readonly #open = new Set<Window>();

  /** How many there are. */
  get count(): number {
    return this.#open.size;
  }

  /** Serves a window until its line is closed. */
  serve(transport: Transport, options: WindowsOptions): void {
    const { handlers, greet, toProblem, log } = options;
    let badMessages = 0;
    const window = new Window();
    this.#open.add(window);
    transport.onClose(() => this.#open.delete(window));
    window.session = serveContract(
      transport,
      {
        ...handlers,
        'app.hello': (params) => {
          const picture = greet(params);
          window.greeted();
          return picture;
        },
      },
      {
        toProblem,
        onBadMessage(why) {
          badMessages++;
          if (badMessages <= BAD_MESSAGES_TOLD) log.warn(`A window sent ${why}: dropped.`);
          if (badMessages === BAD_MESSAGES_TOLD) log.warn('Further messages of that kind are not noted.');
        },
      },
    );
  }

  /** Tells all windows that have been greeted. */
  emit(event: EngineEvent): void {
    for (const window of this.#open) window.tell(event);
  }

  /** Ends all lines. */
  closeAll(): void {
    for (const window of [...this.#open]) window.session?.close();
  }
}

class Window {
  session: Session | undefined;
  /** Before the greeting nothing is told: it will be in the picture. */
  #state: 'new' | 'greeting' | 'greeted' = 'new';
  #held: EngineEvent[] = [];

  /** The picture is taken. Its reply goes out within this turn of the loop; what happens until then must come behind it. */
  greeted(): void {
    this.#state = 'greeting';
    setImmediate(() => {
      this.#state = 'greeted';
      for (const event of this.#held.splice(0)) this.session?.emit(event);
    });
  }

  tell(event: EngineEvent): void {
    if (this.#state === 'greeting') this.#held.push(event);
    else if (this.#state === 'greeted') this.session?.emit(event);
  }
}
