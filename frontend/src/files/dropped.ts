/** A file of a drop with its path in it, and folders that hold nothing. */
export interface Dropped {
  files: { path: string; file: File }[];
  emptyFolders: string[];
  gitFolders: number; // left out
}

export const GIT_FOLDER = ".git"; // a repository's own files; the session has its own

/** One top-level thing of a drop, read to its last file. */
export async function walk(entry: FileSystemEntry): Promise<Dropped> {
  const found: Dropped = { files: [], emptyFolders: [], gitFolders: 0 };
  const visit = async (at: FileSystemEntry, path: string): Promise<void> => {
    if (isFile(at)) {
      found.files.push({ path, file: await fileOf(at) });
      return;
    }
    if (!isDirectory(at)) return;
    const children = await childrenOf(at);
    if (children.length === 0) found.emptyFolders.push(path);
    for (const child of children) {
      if (child.isDirectory && child.name === GIT_FOLDER) found.gitFolders += 1;
      else await visit(child, `${path}/${child.name}`);
    }
  };
  if (entry.isDirectory && entry.name === GIT_FOLDER) found.gitFolders = 1;
  else await visit(entry, entry.name);
  return found;
}

/** Must be asked for before anything is awaited: the browser empties the list then. */
export function entriesOf(items: DataTransferItemList): FileSystemEntry[] {
  return [...items].map((item) => item.webkitGetAsEntry()).filter((entry) => entry !== null);
}

/** What an `<input type=file>` gave, a folder's files with their paths. */
export function chosen(list: readonly File[]): Map<string, Dropped> {
  const tops = new Map<string, Dropped>();
  for (const file of list) {
    const path = file.webkitRelativePath || file.name;
    const top = path.split("/")[0] ?? path;
    const found = tops.get(top) ?? { files: [], emptyFolders: [], gitFolders: 0 };
    tops.set(top, found);
    if (path.split("/").includes(GIT_FOLDER)) found.gitFolders = 1;
    else found.files.push({ path, file });
  }
  return tops;
}

/** All children: the browser tells at most 100 at a time, and nothing when there are no more. */
async function childrenOf(directory: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = directory.createReader();
  const all: FileSystemEntry[] = [];
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (some.length === 0) return all;
    all.push(...some);
  }
}

function fileOf(entry: FileSystemFileEntry): Promise<File> {
  return new Promise((resolve, reject) => entry.file(resolve, reject));
}

function isFile(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile;
}

function isDirectory(entry: FileSystemEntry): entry is FileSystemDirectoryEntry {
  return entry.isDirectory;
}
