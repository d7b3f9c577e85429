// Prints every skipped test by name with its reason, at the end of a run: what was not tested must not look tested.
// The last line sums up in plain words.
import type { Reporter, TestModule } from 'vitest/node';

/** The reporter; it adds to the default one. */
export default class SkippedReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const count = { passed: 0, failed: 0, skipped: 0, pending: 0 };
    for (const module of modules) {
      for (const test of module.children.allTests()) count[test.result().state]++;
      for (const test of module.children.allTests('skipped')) {
        const result = test.result();
        // Without a note the reason is part of the name.
        const reason = result.state === 'skipped' && result.note ? `: ${result.note}` : '';
        process.stdout.write(`skipped: ${module.project.name} > ${test.fullName}${reason}\n`);
      }
    }
    process.stdout.write(`${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped\n`);
  }
}
