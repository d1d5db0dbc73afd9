import { useEffect } from "react";

const FILES = {
  calm: "/favicon.svg",
  working: "/favicon-working.svg",
  waiting: "/favicon-waiting.svg",
} as const;

/** The tab's icon: an amber diamond while a person is needed, the agent's square while it works. */
export function useFavicon(state: keyof typeof FILES): void {
  useEffect(() => {
    const icon = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
    if (icon && !icon.href.endsWith(FILES[state])) icon.href = FILES[state];
    return () => {
      if (icon) icon.href = FILES.calm;
    };
  }, [state]);
}
