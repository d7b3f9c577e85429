// At the end of the end-to-end tests: the page that shows all pictures, and where it lies.
import type { Reporter, TestModule } from 'vitest/node';
import { writeGallery } from './harness/gallery.ts';

/** The reporter; it is silent unless the project `e2e` was run. */
export default class GalleryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    if (!modules.some(({ project }) => project.name === 'e2e')) return;
    const { path, count } = writeGallery();
    process.stdout.write(`\n${count} pictures to look at: ${path}\n`);
  }
}
