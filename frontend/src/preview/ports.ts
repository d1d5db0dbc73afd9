import { api } from "../wire/api";

/** A TCP port that something in the sandbox listens on. */
export interface Port {
  port: number;
  process?: string;
}

/** The kernel gives these out by itself: to tests and tools, for moments. */
const GIVEN_OUT_FROM = 32_768;

/** Ports that nobody was told of yet and that a person may have started. */
export function newPorts(ports: readonly Port[], told: ReadonlySet<number>): Port[] {
  return ports.filter(({ port }) => port < GIVEN_OUT_FROM && !told.has(port));
}

/** @returns an address for one use within a minute, in one frame or tab, and the origin of its page */
export function openPreview(session: string, port: number, path: string): Promise<{ url: string; origin: string }> {
  return api.post(`/api/v1/sessions/${session}/previews`, { port, path });
}

/** Opens a tab for it, which the page in it cannot reach back from. */
export async function openInTab(session: string, port: number, path = "/"): Promise<void> {
  const tab = window.open("about:blank", "_blank"); // at once: later the browser would take it for a pop-up
  if (tab) tab.opener = null;
  try {
    const { url } = await openPreview(session, port, path);
    if (tab) tab.location.replace(url);
    else window.open(url, "_blank", "noopener");
  } catch (problem) {
    tab?.close();
    throw problem;
  }
}
