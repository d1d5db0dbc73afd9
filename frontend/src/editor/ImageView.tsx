import { useEffect, useState } from "react";
import { nameOf, sizeWords } from "../files/files";
import { t } from "../text/text";
import { Skeleton, Trouble } from "../ui/Trouble";
import { api, words } from "../wire/api";
import { imageType } from "./viewers";

const LARGEST = 20_000_000; // bytes: a picture above it would fill the memory of a phone

interface Props {
  address: string; // of its bytes
  path: string;
  version?: number; // another one when the bytes are others
}

type Loaded = { url: string; size: number } | { tooLarge: number } | { problem: unknown };

/** A picture, drawn by the browser from bytes: scripts and addresses inside of an SVG do nothing there. */
export function ImageView({ address, path, version }: Props) {
  const [loaded, setLoaded] = useState<Loaded>();
  const [pixels, setPixels] = useState("");
  const [isActual, setActual] = useState(false);
  const [anyway, setAnyway] = useState(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each version of the file is a reason to read it
  useEffect(() => {
    const abort = new AbortController();
    let url: string | undefined;
    void load(address, path, anyway, abort.signal).then((next) => {
      if (abort.signal.aborted) return;
      if ("url" in next) url = next.url;
      setLoaded(next);
    });
    return () => {
      abort.abort();
      if (url !== undefined) URL.revokeObjectURL(url);
    };
  }, [address, path, anyway, version]);
  if (loaded === undefined)
    return (
      <div className="pad">
        <Skeleton label={t("Loading {name}", { name: path })} />
      </div>
    );
  if ("problem" in loaded)
    return (
      <div className="pad">
        <Trouble title={t("{name} could not be read", { name: path })} detail={words(loaded.problem)} />
      </div>
    );
  if ("tooLarge" in loaded)
    return (
      <div className="banner file-banner" role="status">
        <span className="grow">
          {t("This picture is {size}; up to {most} are shown at once.", {
            size: sizeWords(loaded.tooLarge),
            most: sizeWords(LARGEST),
          })}
        </span>
        <button type="button" className="btn s" onClick={() => setAnyway(true)}>
          {t("Show it")}
        </button>
      </div>
    );
  return (
    <div className="image-view">
      <div className="scroll checker" tabIndex={0} role="region" aria-label={t("Picture")}>
        <img
          src={loaded.url}
          alt={nameOf(path)}
          className={isActual ? "actual" : ""}
          onLoad={({ currentTarget }) => setPixels(`${currentTarget.naturalWidth} × ${currentTarget.naturalHeight}`)}
          onError={() => setLoaded({ problem: new Error(t("The bytes are no picture that this browser can draw.")) })}
        />
      </div>
      <p className="image-foot num">
        {pixels}
        <span>{sizeWords(loaded.size)}</span>
        <span className="grow" />
        <button type="button" className="btn s plain" aria-pressed={isActual} onClick={() => setActual(!isActual)}>
          {isActual ? t("Fit") : t("Actual size")}
        </button>
      </p>
    </div>
  );
}

async function load(address: string, path: string, anyway: boolean, signal: AbortSignal): Promise<Loaded> {
  try {
    const response = await api.bytes(address, signal);
    const size = Number(response.headers.get("content-length") ?? 0);
    if (size > LARGEST && !anyway) {
      await response.body?.cancel();
      return { tooLarge: size };
    }
    const bytes = await response.arrayBuffer();
    return { url: URL.createObjectURL(new Blob([bytes], { type: imageType(path) })), size: bytes.byteLength };
  } catch (problem) {
    return { problem };
  }
}
