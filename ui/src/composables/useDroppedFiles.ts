/** A file that was dropped or chosen, with its path below where it goes. */
export interface Dropped {
  path: string;
  file: File;
}

const fileOf = (entry: FileSystemFileEntry) => new Promise<File>((resolve, reject) => entry.file(resolve, reject));
const someOf = (reader: FileSystemDirectoryReader) => new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));

async function within(entry: FileSystemEntry, folder: string): Promise<Dropped[]> {
  const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
  if (entry.isFile) return [{ path, file: await fileOf(entry as FileSystemFileEntry) }];
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const out: Dropped[] = [];
  // A reader tells a hundred at a time, and nothing when that was all.
  for (let some = await someOf(reader); some.length > 0; some = await someOf(reader)) for (const one of some) out.push(...(await within(one, path)));
  return out;
}

/** Files and whole folders. The browser forgets them when the event is over, so they are taken out of it at once. */
export async function droppedFiles(transfer: DataTransfer): Promise<Dropped[]> {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry()).filter((entry) => entry !== null);
  const files = [...transfer.files];
  if (entries.length === 0) return files.map((file) => ({ path: file.name, file }));
  return (await Promise.all(entries.map((entry) => within(entry, "")))).flat();
}
