// Keeps the window connected: greets the engine, shows what is known meanwhile, and comes back by itself after a break.
import {
  CONTRACT_VERSION,
  connectEngine,
  type EngineClient,
  type Transport,
} from '@imagebridge/desktop-contract';
import { createContext, type ReactNode, useContext, useEffect, useState } from 'react';
import { openStore, type Store } from './store.ts';
import { openLine } from './transport.ts';

/** A living connection. */
export interface Connection {
  client: EngineClient;
  store: Store;
}

const Context = createContext<Connection | undefined>(undefined);

/** The connection that the window has. @throws Error outside of `ConnectionProvider`'s children */
export function useConnection(): Connection {
  const connection = useContext(Context);
  if (connection === undefined) throw new Error('There is no connection here.');
  return connection;
}

/** Gives its children a connection; for tests, one that is at hand. */
export const ConnectionScope = Context.Provider;

/** What is shown while there is no connection. `lost`: there was one. */
export type Waiting = (state: 'connecting' | 'lost') => ReactNode;

/** Longest time between two tries, in ms. */
const SLOWEST_TRY_MS = 5000;

/** Connects, and shows its children with a connection. After a break they stay, with what was last known. */
export function ConnectionProvider({
  children,
  waiting,
  open = openLine,
}: {
  children: ReactNode;
  waiting: Waiting;
  open?: (signal: AbortSignal) => Promise<Transport>;
}): ReactNode {
  const [connection, setConnection] = useState<Connection>();
  const [isLost, setLost] = useState(false);

  useEffect(() => {
    const stop = new AbortController();
    let client: EngineClient | undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let tries = 0;

    const again = () => {
      if (stop.signal.aborted) return;
      timer = setTimeout(() => void connect(), Math.min(SLOWEST_TRY_MS, 250 * 2 ** tries++));
    };
    const connect = async () => {
      try {
        const line = await open(stop.signal);
        if (stop.signal.aborted) return line.close();
        const opened = connectEngine(line);
        client = opened;
        const store = await openStore(opened, CONTRACT_VERSION);
        tries = 0;
        setLost(false);
        setConnection({ client: opened, store });
        opened.onClose(() => {
          setLost(true);
          again();
        });
      } catch {
        client?.close();
        setLost(true);
        again();
      }
    };
    void connect();
    return () => {
      stop.abort();
      clearTimeout(timer);
      client?.close();
    };
  }, [open]);

  if (connection === undefined) return waiting(isLost ? 'lost' : 'connecting');
  return (
    <Context.Provider value={connection}>
      {children}
      {isLost ? waiting('lost') : null}
    </Context.Provider>
  );
}
