import { t } from "../text/text";
import type { Attachment } from "./events";

const MOST_DATA = 1 << 20; // base64 units of all images of a prompt together, 768 KiB of them: the server's limit
const MOST_FILES = 20; // attachments of a prompt: the server's limit
const MOST_BYTES = 20 << 20; // of an image that is made smaller here; decoding more could take the tab's memory
const FITTED = 340_000; // base64 units that an image is made to fit into: three of them go into a prompt
const SIDES = [1_568, 1_100, 768, 512]; // pixels of the longer side; models look at no more than the first
const QUALITY = 0.85;

const AS_IT_IS = new Set(["image/png", "image/jpeg", "image/gif", "image/webp"]);

export class NotAttached extends Error {}

/**
 * An image as a prompt carries it, made smaller where it does not fit.
 *
 * @param attached the ones that the prompt has already
 * @throws NotAttached with a sentence that says what to do instead
 */
export async function attachImage(file: File, attached: readonly Attachment[]): Promise<Attachment> {
  if (attached.length >= MOST_FILES)
    throw new NotAttached(t("A prompt takes at most {n} images. Remove one first.", { n: MOST_FILES }));
  if (file.size > MOST_BYTES)
    throw new NotAttached(
      t("{name} has {size} MB; an image can have at most {most} MB. Upload it to Files and mention it with @.", {
        name: file.name,
        size: Math.round(file.size / 1e6),
        most: Math.floor(MOST_BYTES / 1e6),
      }),
    );
  const room = MOST_DATA - attached.reduce((sum, { data }) => sum + (data?.length ?? 0), 0);
  const whole = AS_IT_IS.has(file.type) && base64Size(file.size) <= Math.min(room, FITTED) ? file : undefined;
  const fitting = whole ?? (await smaller(file, Math.min(room, FITTED)));
  if (fitting === undefined)
    throw new NotAttached(
      t(
        "{name} does not fit: the images of a prompt have at most 768 KiB together. Upload it to Files and mention it with @.",
        {
          name: file.name,
        },
      ),
    );
  return { name: file.name || t("image"), mediaType: fitting.type, data: await base64(fitting) };
}

const base64Size = (bytes: number) => Math.ceil(bytes / 3) * 4;

async function smaller(file: File, most: number): Promise<Blob | undefined> {
  let image: ImageBitmap;
  try {
    image = await createImageBitmap(file);
  } catch {
    throw new NotAttached(t("{name} is not an image that this browser can read.", { name: file.name }));
  }
  try {
    for (const side of SIDES) {
      const scale = Math.min(1, side / Math.max(image.width, image.height));
      const canvas = document.createElement("canvas");
      canvas.width = Math.max(1, Math.round(image.width * scale));
      canvas.height = Math.max(1, Math.round(image.height * scale));
      canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
      const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
      if (blob && base64Size(blob.size) <= most) return blob;
    }
    return undefined;
  } finally {
    image.close();
  }
}

function base64(blob: Blob): Promise<string> {
  return new Promise((done, failed) => {
    const reader = new FileReader();
    reader.onload = () => done(String(reader.result).replace(/^[^,]*,/u, ""));
    reader.onerror = () => failed(reader.error);
    reader.readAsDataURL(blob);
  });
}
