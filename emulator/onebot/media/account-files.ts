import type { Account } from "../account.ts";
import type { AccountContext } from "../actions.ts";
import { createDisk, type NapCatDisk } from "./disk.ts";
import { createFileKeys, type FileKeys } from "./file-keys.ts";
import { createUploadStreams, type UploadStreams } from "./upload-streams.ts";

/** A NapCat that restarts finds its disk as it was. */
const disks = new WeakMap<Account, NapCatDisk>();

/** What the NapCat of an account knows of files: those on its disk, the keys it has given out, the streams that are open. */
export interface AccountFiles {
  readonly disk: NapCatDisk;
  readonly keys: FileKeys;
  readonly uploads: UploadStreams;
}

export function filesOf({ account, memory }: Pick<AccountContext, "account" | "memory">): AccountFiles {
  const disk = disks.get(account) ?? createDisk();
  disks.set(account, disk);
  return { disk, keys: memory.of(createFileKeys), uploads: memory.of(createUploadStreams) };
}
