import { FileText, ListPlus, X } from "lucide-react";
import { useState } from "react";
import { t, tn } from "../text/text";
import type { Attachment } from "./events";
import { lineCount, type Piece } from "./pieces";

interface Props {
  images: readonly Attachment[];
  pieces: readonly Piece[];
  onImages: (images: Attachment[]) => void;
  onRemove: (piece: Piece) => void;
  onShow: (piece: Piece) => void; // its text takes the place of its mark
}

/** What goes with the prompt that is being written. */
export function Attached({ images, pieces, onImages, onRemove, onShow }: Props) {
  if (images.length + pieces.length === 0) return null;
  return (
    <ul className="attached" aria-label={t("Goes with this prompt")}>
      {images.map((image, index) => (
        <li key={`${image.name}/${index}`} className="thumb">
          <Picture image={image} />
          <button
            type="button"
            className="icon s"
            aria-label={t("Remove {name}", { name: image.name })}
            onClick={() => onImages(images.filter((other) => other !== image))}
          >
            <X className="i s" aria-hidden="true" />
          </button>
        </li>
      ))}
      {pieces.map((piece) => {
        const name = piece.name || t("Pasted text");
        return (
          <li key={piece.id} className="chip">
            <FileText className="i s" aria-hidden="true" />
            <span className="cut">{name}</span>
            <span className="faint num">{tn(lineCount(piece.text), "+{n} line", "+{n} lines")}</span>
            <button
              type="button"
              className="icon s"
              aria-label={t("Show the text of {name} in the prompt", { name })}
              title={t("Show its text in the prompt")}
              onClick={() => onShow(piece)}
            >
              <ListPlus className="i s" aria-hidden="true" />
            </button>
            <button
              type="button"
              className="icon s"
              aria-label={t("Remove {name}", { name })}
              onClick={() => onRemove(piece)}
            >
              <X className="i s" aria-hidden="true" />
            </button>
          </li>
        );
      })}
    </ul>
  );
}

const SHOWN = /^image\/(?:png|jpeg|gif|webp)$/u; // what an image element may be given: no SVG, which is a document

/** An attached image, 72 px; its name where it cannot be shown. */
export function Picture({ image }: { image: Attachment }) {
  const [broken, setBroken] = useState(false);
  if (broken || image.data === undefined || !SHOWN.test(image.mediaType ?? ""))
    return <span className="chip">{image.path ?? image.name}</span>;
  return (
    <img
      className="picture"
      alt={image.name}
      title={image.name}
      src={`data:${image.mediaType};base64,${image.data}`}
      onError={() => setBroken(true)}
    />
  );
}
