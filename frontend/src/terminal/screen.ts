// xterm and what belongs to it: loaded with the first terminal.
import { FitAddon } from "@xterm/addon-fit";
import { SearchAddon } from "@xterm/addon-search";
import { WebLinksAddon } from "@xterm/addon-web-links";
import { Terminal } from "@xterm/xterm";
import "@xterm/xterm/css/xterm.css";
import "@fontsource/commit-mono/latin-700.css";
import { onTheme, themeOfTokens } from "./theme";

interface Listener {
  input: (data: string) => void;
  binary: (data: string) => void;
  size: (columns: number, rows: number) => void;
  /** A link was clicked. */
  follow: (address: string) => void;
  /** The pointer is on a link, or left it. */
  hover: (address: string | undefined) => void;
  /** @return false: the key is not the terminal's */
  key: (event: KeyboardEvent) => boolean;
}

const SCROLLBACK = 10_000; // lines: more than the server's 256 KiB of replay mostly hold
const SOFTWARE = /swiftshader|llvmpipe|software|basic render/iu; // 11 times slower than the DOM renderer

/** One xterm in the page. */
export class Screen {
  readonly #terminal: Terminal;
  readonly #fit = new FitAddon();
  readonly #search = new SearchAddon();
  readonly #end: (() => void)[];

  constructor(place: HTMLElement, label: string, listener: Listener) {
    const style = getComputedStyle(document.documentElement);
    this.#terminal = new Terminal({
      fontFamily: style.getPropertyValue("--font-code"),
      fontSize: 12,
      lineHeight: 1.25,
      scrollback: SCROLLBACK,
      theme: themeOfTokens(),
      cursorBlink: false,
      minimumContrastRatio: 4.5, // WCAG AA, whatever colours a program chooses
      macOptionIsMeta: true,
      rightClickSelectsWord: false,
      linkHandler: {
        activate: (_event, address) => listener.follow(address),
        hover: (_event, address) => listener.hover(address),
        leave: () => listener.hover(undefined),
        allowNonHttpProtocols: false,
      },
    });
    this.#terminal.loadAddon(this.#fit);
    this.#terminal.loadAddon(this.#search);
    this.#terminal.loadAddon(
      new WebLinksAddon((_event, address) => listener.follow(address), {
        hover: (_event, address) => listener.hover(address),
        leave: () => listener.hover(undefined),
      }),
    );
    this.#terminal.open(place);
    this.#terminal.textarea?.setAttribute("aria-label", label);
    this.#terminal.attachCustomKeyEventHandler(listener.key);
    this.#terminal.onData(listener.input);
    this.#terminal.onBinary(listener.binary);
    this.#terminal.onResize(({ cols, rows }) => listener.size(cols, rows));
    const sizes = new ResizeObserver(() => this.fit());
    sizes.observe(place);
    const offTheme = onTheme(() => {
      this.#terminal.options.theme = themeOfTokens();
    });
    this.#end = [() => sizes.disconnect(), offTheme];
    this.fit();
    void document.fonts.ready.then(() => this.fit());
    if (hasRealGpu()) void this.#loadWebGl();
  }

  get size(): { columns: number; rows: number } {
    return { columns: this.#terminal.cols, rows: this.#terminal.rows };
  }

  get selection(): string {
    return this.#terminal.getSelection();
  }

  /** All that is on it, from its first line; for tests and copies. */
  text(): string {
    const buffer = this.#terminal.buffer.active;
    const lines = Array.from({ length: buffer.length }, (_, row) => buffer.getLine(row)?.translateToString(true) ?? "");
    return lines.join("\n").trimEnd();
  }

  write(bytes: Uint8Array | string, parsed?: () => void): void {
    this.#terminal.write(bytes, parsed);
  }

  /** As new: what comes next is the whole of it. */
  reset(): void {
    this.#terminal.reset();
  }

  paste(text: string): void {
    this.#terminal.paste(text);
  }

  setReadOnly(readOnly: boolean): void {
    this.#terminal.options.disableStdin = readOnly;
    this.#terminal.options.cursorInactiveStyle = readOnly ? "none" : "outline";
  }

  find(words: string, forward: boolean): boolean {
    return forward ? this.#search.findNext(words) : this.#search.findPrevious(words);
  }

  clearSelection(): void {
    this.#terminal.clearSelection();
  }

  focus(): void {
    this.#terminal.focus();
  }

  fit(): void {
    const size = this.#fit.proposeDimensions();
    if (size !== undefined && size.cols > 1 && size.rows > 0) this.#fit.fit(); // a hidden panel has no size
  }

  dispose(): void {
    for (const end of this.#end) end();
    this.#terminal.dispose();
  }

  async #loadWebGl(): Promise<void> {
    const { WebglAddon } = await import("@xterm/addon-webgl");
    const addon = new WebglAddon();
    addon.onContextLoss(() => addon.dispose()); // the DOM renderer goes on
    try {
      this.#terminal.loadAddon(addon);
    } catch {
      addon.dispose();
    }
  }
}

function hasRealGpu(): boolean {
  const gl = document.createElement("canvas").getContext("webgl2");
  const info = gl?.getExtension("WEBGL_debug_renderer_info");
  const renderer = info ? gl?.getParameter(info.UNMASKED_RENDERER_WEBGL) : undefined;
  gl?.getExtension("WEBGL_lose_context")?.loseContext();
  return typeof renderer === "string" && !SOFTWARE.test(renderer);
}
