// At the end of the acceptance and end-to-end tests: a table of them, with how each ended and how long it took.
import type { Reporter, TestCase, TestModule } from 'vitest/node';

const MARKS: Readonly<Record<string, string>> = {
  passed: 'ok',
  failed: 'FAILED',
  skipped: 'skipped',
  pending: 'not run',
};

const TABLED = new Set(['acceptance', 'e2e']);

/** The reporter; it is silent unless one of those projects was run. */
export default class AcceptanceTable implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const own = modules.filter((module) => TABLED.has(module.project.name));
    if (own.length === 0) return;
    const rows = [...own].sort((a, b) => (a.moduleId < b.moduleId ? -1 : 1)).flatMap(rowsOf);
    process.stdout.write(`\n${rows.join('\n')}\n`);
  }
}

function rowsOf(module: TestModule): string[] {
  const tests = [...module.children.allTests()];
  const totalMs = module.diagnostic().duration;
  const name = module.moduleId.replace(/^.*\/test\/(acceptance\/)?/, '').replace(/\.test\.ts$/, '');
  return [`${seconds(totalMs)}  ${name}`, ...tests.map(row)];
}

function row(test: TestCase): string {
  const { state } = test.result();
  return `${seconds(test.diagnostic()?.duration ?? 0)}    ${(MARKS[state] ?? state).padEnd(7)}  ${test.fullName}`;
}

const seconds = (ms: number) => `${(ms / 1000).toFixed(1).padStart(7)} s`;
