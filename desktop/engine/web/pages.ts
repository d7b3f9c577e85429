// The few pages that are not the window: shown to browsers without a session. Pure; no script, so that the policy allows none.

/** Shown when there is no session, or the link was wrong or used. */
export function needLinkPage(): string {
  return page(
    'A link is needed',
    `<p>This uploader opens with a link that works once. Yours has been used already, is older than the newest one, or is
    not complete.</p>
    <p>Go to the terminal in which the uploader runs and press <kbd>Enter</kbd>: it prints a new link. If it runs without a
    terminal, start it once more on the same machine: it prints a link to the one that runs.</p>
    <p lang="zh-CN">此页面需要一次性链接。请在运行上传程序的终端中按 <kbd>Enter</kbd> 获取新链接；如果没有终端，请在同一台机器上再次启动程序，它会打印新链接。</p>`,
  );
}

/** Goes on to the window: for a link that was opened from another page, where a redirect would not carry the cookie. */
export function goOnPage(): string {
  return page(
    'ImageBridge',
    '<p><a href="/">Continue</a></p>',
    '<meta http-equiv="refresh" content="0;url=/" />',
  );
}

const page = (title: string, body: string, head = '') => `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content="light dark" />
    ${head}
    <title>${title}</title>
    <link rel="stylesheet" href="/plain.css" />
  </head>
  <body>
    <main>
      <h1>${title}</h1>
      ${body}
    </main>
  </body>
</html>
`;

/** The look of these pages. */
export const PLAIN_CSS = `:root { color-scheme: light dark; font: 16px/1.6 system-ui, sans-serif; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; }
main { max-width: 34rem; padding: 2rem; }
h1 { font-size: 1.4rem; }
kbd { border: 1px solid; border-radius: 4px; padding: 0 0.4em; font: inherit; font-size: 0.9em; }
`;
