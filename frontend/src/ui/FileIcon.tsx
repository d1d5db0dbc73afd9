import {
  File,
  FileArchive,
  FileBraces,
  FileCode,
  FileImage,
  FileSpreadsheet,
  FileSymlink,
  FileText,
} from "lucide-react";

const KINDS = [
  [FileText, "md markdown txt rst adoc log pdf"],
  [FileBraces, "json jsonc json5 yaml yml toml xml ini properties"],
  [FileImage, "png jpg jpeg gif webp svg ico avif bmp"],
  [FileArchive, "zip gz tgz tar jar war bz2 xz 7z"],
  [FileSpreadsheet, "csv tsv xls xlsx"],
  [
    FileCode,
    "ts tsx js jsx mjs cjs java kt py rb go rs c h cc cpp hpp cs php swift scala sh bash sql html css scss vue svelte lua r dart ex exs clj zig",
  ],
] as const;

const BY_ENDING = new Map(KINDS.flatMap(([Icon, endings]) => endings.split(" ").map((ending) => [ending, Icon])));

/** What kind of file a name stands for, at a glance. */
export function FileIcon({ name, isLink = false }: { name: string; isLink?: boolean }) {
  const ending = name.slice(name.lastIndexOf(".") + 1).toLowerCase();
  const Icon = isLink ? FileSymlink : (BY_ENDING.get(ending) ?? File);
  return <Icon className="i s" aria-hidden="true" />;
}
