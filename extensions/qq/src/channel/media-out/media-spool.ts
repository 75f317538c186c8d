import { open } from "node:fs/promises";
import { createTempDownloadTarget } from "openclaw/plugin-sdk/temp-path";
import {
  fileBytes,
  heldBytes,
  MAX_HELD_BYTES,
  refuseTooLarge,
  type SourceBytes,
  type SourceFacts,
} from "./media-bytes.ts";

/**
 * Reads an answer to its end: into memory while it is small, then into a temporary file that `close` removes. Rejects as
 * soon as it is too large. `more` is called with every piece.
 */
export async function keepBody(response: Response, facts: SourceFacts, more: () => void): Promise<SourceBytes> {
  const held: Uint8Array[] = [];
  let size = 0;
  let spool: Spool | undefined;
  try {
    for await (const piece of response.body ?? []) {
      more();
      size += piece.length;
      refuseTooLarge(size);
      if (!spool && size > MAX_HELD_BYTES) {
        spool = await openSpool();
        for (const each of held.splice(0)) await spool.write(each);
      }
      if (spool) await spool.write(piece);
      else held.push(piece);
    }
    return spool ? spool.finish(size, facts) : heldBytes(Buffer.concat(held), facts);
  } catch (error) {
    await spool?.discard();
    throw error;
  }
}

interface Spool {
  write(bytes: Uint8Array): Promise<void>;
  finish(size: number, facts: SourceFacts): SourceBytes;
  discard(): Promise<void>;
}

/** A file in the host's own folder for such, readable for nobody else. */
async function openSpool(): Promise<Spool> {
  const target = await createTempDownloadTarget({ prefix: "openclaw-qq" });
  const handle = await open(target.path, "wx+", 0o600);
  const discard = async (): Promise<void> => {
    await handle.close();
    await target.cleanup();
  };
  return {
    write: async (bytes) => {
      await handle.writeFile(bytes);
    },
    finish: (size, facts) => ({ ...fileBytes(handle, size, facts), close: discard }),
    discard,
  };
}
