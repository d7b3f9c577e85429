// How messages travel between the two sides. Implemented over Electron's message ports, WebSockets and, for tests, memory.

/** A two-way line of messages that keeps their order. Messages are plain JSON values. */
export interface Transport {
  /** Hands a message over. After the line is closed it does nothing. */
  send(message: unknown): void;
  /** Sets who gets the messages that arrive; those that came before are delivered then, in order. */
  onMessage(listener: (message: unknown) => void): void;
  /** Called once when the line is closed, by either side; at once when it is closed already. */
  onClose(listener: () => void): void;
  close(): void;
}
