// The folder of the pictures, and the page that shows them all, by state. Touches test/e2e/screenshots only.
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where the pictures lie. */
export const SCREENSHOTS = fileURLToPath(new URL('../screenshots', import.meta.url));

/** Writes the page that shows all pictures, by state. Returns its path and how many pictures there are. */
export function writeGallery(folder = SCREENSHOTS): { path: string; count: number } {
  mkdirSync(folder, { recursive: true });
  const files = readdirSync(folder).filter((name) => name.endsWith('.png'));
  const states = new Map<string, string[]>();
  for (const name of files.sort()) {
    const [state = name] = name.split('.');
    states.set(state, [...(states.get(state) ?? []), name]);
  }
  const sections = [...states].map(
    ([state, names]) =>
      `<h2 id="${state}">${state}</h2>\n<div>${names
        .map(
          (name) =>
            `<figure><a href="${name}"><img loading="lazy" src="${name}" alt=""></a><figcaption>${name.split('.')[1]}</figcaption></figure>`,
        )
        .join('\n')}</div>`,
  );
  const links = [...states.keys()].map((state) => `<a href="#${state}">${state}</a>`).join(' · ');
  const html = `<!doctype html><html lang="en"><meta charset="utf-8"><title>The uploader's screens</title>
<style>body{font:14px system-ui;margin:2rem;background:#888}h2{margin:2rem 0 .5rem}div{display:flex;flex-wrap:wrap;gap:1rem}
figure{margin:0}img{width:480px;display:block;border:1px solid #0004}</style>
<h1>The uploader's screens</h1><p>${links}</p>${sections.join('\n')}</html>\n`;
  const file = path.join(folder, 'index.html');
  writeFileSync(file, html);
  return { path: file, count: files.length };
}
