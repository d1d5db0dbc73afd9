import { useEffect, useState } from "react";
import type { OpenFiles } from "./OpenFiles";

/** Another number whenever a file changed on disk. */
export function useFileVersion(files: OpenFiles, path: string): number {
  const [version, setVersion] = useState(0);
  useEffect(
    () =>
      files.listen((changes, resync) => {
        if (resync || changes.some((change) => change.path === path)) setVersion((old) => old + 1);
      }),
    [files, path],
  );
  return version;
}
