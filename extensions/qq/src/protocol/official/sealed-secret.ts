import { createDecipheriv } from "node:crypto";

/** Length of the key a bind task is made with, bytes (qq-official.md 12). */
export const SEAL_KEY_BYTES = 32;
const IV_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Opens an AppSecret that came by scan: base64 of IV (12 bytes), ciphertext and tag (16 bytes), AES-256-GCM under the
 * task's key. Throws `RangeError` for what is too short to be one, and `Error` when key or bytes are not the right ones:
 * the message says which, and never holds any of it.
 */
export function openSecret(sealed: string, key: Uint8Array): string {
  const bytes = Buffer.from(sealed, "base64");
  if (bytes.length <= IV_BYTES + TAG_BYTES) throw new RangeError("the sealed secret is too short");
  const tagAt = bytes.length - TAG_BYTES;
  const cipher = createDecipheriv("aes-256-gcm", key, bytes.subarray(0, IV_BYTES), { authTagLength: TAG_BYTES });
  cipher.setAuthTag(bytes.subarray(tagAt));
  try {
    return Buffer.concat([cipher.update(bytes.subarray(IV_BYTES, tagAt)), cipher.final()]).toString("utf8");
  } catch (cause) {
    throw new Error("the sealed secret does not open with this task's key", { cause });
  }
}
