// A host that hears what the engine reports, and gives it commands. For vitest only.
import type { HostCommand, HostReport } from '@imagebridge/desktop-contract';

/** The host, its reports so far, and how to give a command. */
export function testHost() {
  const reports: HostReport[] = [];
  const listeners: ((command: HostCommand) => void)[] = [];
  const host = {
    report: (report: HostReport) => void reports.push(report),
    onCommand: (listener: (command: HostCommand) => void) => void listeners.push(listener),
  };
  const command = (given: HostCommand) => {
    for (const listener of listeners) listener(given);
  };
  return { host, reports, command };
}
