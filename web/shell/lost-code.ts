import { createSignal } from "solid-js";

/**
 * Code of a page that did not come: the line is down, or the server has been updated and no longer has
 * what this tab asks for. It is asked for until it comes, so that no page stays blank.
 */

/** `waiting` for code on a line that is down; `updated` where only a reload brings it. */
export type CodeState = "whole" | "waiting" | "updated";

const [codeState, setCodeState] = createSignal<CodeState>("whole");

/** Whether all code that was asked for has come. */
export { codeState };

/** Ports to the browser, for tests. */
export interface CodeSource {
  /** The address of the script that started this page, and of the one that a fresh page would start with. */
  readonly own: () => string | undefined;
  /** Throws where the server cannot be reached. */
  readonly newest: () => Promise<string | undefined>;
  /** Asks again for style sheets that did not come; throws where they still do not. */
  readonly mendStyles: () => Promise<void>;
  /** Resolves when another attempt is worth making. */
  readonly nextChance: () => Promise<void>;
}

/** Loads a part of the app, however long that takes; never rejects but for a fault of the part itself. */
export async function loadCode<Part>(
  load: () => Promise<Part>,
  source: CodeSource = browserSource,
): Promise<Part> {
  for (;;) {
    try {
      const part = await load();
      setCodeState((state) => (state === "waiting" ? "whole" : state));
      return part;
    } catch (cause) {
      if (!isLost(cause)) throw cause;
      await prepareRetry(source);
    }
  }
}

/** Looks whether the server has another build than this tab runs; a server out of reach says nothing. */
export async function lookForUpdate(source: CodeSource = browserSource): Promise<void> {
  const newest = await source.newest().catch(() => undefined);
  if (newest !== undefined && newest !== source.own()) setCodeState("updated");
}

async function prepareRetry(source: CodeSource): Promise<void> {
  try {
    const newest = await source.newest();
    if (newest !== undefined && newest !== source.own()) setCodeState("updated");
    else setCodeState("waiting");
    await source.nextChance();
    await source.mendStyles();
  } catch {
    setCodeState((state) => (state === "updated" ? state : "waiting"));
    await source.nextChance();
    await source.mendStyles().catch(() => undefined);
  }
}

/** What browsers say of a module or a style sheet that did not come. */
function isLost(cause: unknown): boolean {
  return /dynamically imported module|module script failed|preload CSS|importing a module/i.test(
    String(cause),
  );
}

/** Between two attempts, where the device does not say that it is online again. */
const RETRY_MS = 2_000;

const browserSource: CodeSource = {
  own: () => entryOf([...document.scripts].map(({ src }) => src).join()),
  async newest() {
    const answer = await fetch("/", { cache: "no-store", headers: { accept: "text/html" } });
    if (!answer.ok) throw new Error(`the page is answered with ${answer.status}`);
    return entryOf(await answer.text());
  },
  mendStyles: () => Promise.all(lostSheets().map(askAgain)).then(() => undefined),
  nextChance: () =>
    new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        removeEventListener("online", done);
        resolve();
      };
      const timer = setTimeout(done, RETRY_MS);
      addEventListener("online", done);
    }),
};

function entryOf(html: string): string | undefined {
  return /\/assets\/index-[\w-]+\.js/.exec(html)?.[0];
}

function lostSheets(): HTMLLinkElement[] {
  const links = document.querySelectorAll<HTMLLinkElement>('link[rel="stylesheet"]');
  return [...links].filter((link) => link.sheet === null);
}

/** The bundler asks once for each sheet; one that failed is put into the page anew. */
function askAgain(lost: HTMLLinkElement): Promise<void> {
  return new Promise((resolve, reject) => {
    const link = lost.cloneNode() as HTMLLinkElement;
    link.onload = () => resolve();
    link.onerror = () => reject(new Error("the style sheet did not come"));
    lost.replaceWith(link);
  });
}
