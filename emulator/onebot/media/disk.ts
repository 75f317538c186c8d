/** Where NapCat keeps what it has downloaded or was sent, as its Docker image has it (onebot-napcat.md 8.2). */
export const TEMP_FOLDER = "/app/.config/QQ/NapCat/temp";

/**
 * The temp folder of an emulated NapCat. It is in memory, and so on a machine of its own: no path of the emulator's
 * machine or of a client's leads to a file here, and none from here leads to one there.
 */
export interface NapCatDisk {
  /** Keeps a file under its base name, in the place of one that has it already; answers its path. */
  write(name: string, bytes: Buffer): string;
  /** `undefined` where there is no such file. */
  read(path: string): Buffer | undefined;
  remove(path: string): void;
  clear(): void;
}

export function createDisk(): NapCatDisk {
  const files = new Map<string, Buffer>();
  return {
    write(name, bytes) {
      const path = `${TEMP_FOLDER}/${baseName(name)}`;
      files.set(path, bytes);
      return path;
    },
    read: (path) => files.get(path),
    remove: (path) => void files.delete(path),
    clear: () => files.clear(),
  };
}

/** Last part of a path of any system. NapCat takes names as they are (8.4); the emulator does not (10.43). */
export function baseName(path: string): string {
  const name = path.split(/[/\\]/).at(-1) ?? "";
  return /^\.*$/.test(name) ? "file" : name;
}
