import { createPrivateKey, createPublicKey, sign, verify, type KeyObject } from "node:crypto";

const SEED_BYTES = 32;
const SIGNATURE_BYTES = 64;
/** DER head of a PKCS#8 Ed25519 private key, RFC 8410 section 7; the 32 seed bytes follow it. */
const PKCS8_ED25519_HEAD = Buffer.from("302e020100300506032b657004220420", "hex");

/** The Ed25519 pair that QQ and the bot both derive from the bot's AppSecret. */
export interface CallbackKeys {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

/**
 * Derives the callback key pair from an AppSecret.
 *
 * The seed is the secret's bytes repeated until there are 32, cut at 32 (QQ, "Webhook, signature check").
 * Throws `RangeError` for an empty secret, from which no seed can be made.
 */
export function deriveCallbackKeys(appSecret: string): CallbackKeys {
  const secret = Buffer.from(appSecret, "utf8");
  if (secret.length === 0) throw new RangeError("an empty AppSecret has no callback key");
  const seed = Buffer.alloc(SEED_BYTES, secret);
  const privateKey = createPrivateKey({
    key: Buffer.concat([PKCS8_ED25519_HEAD, seed]),
    format: "der",
    type: "pkcs8",
  });
  return { privateKey, publicKey: createPublicKey(privateKey) };
}

/** Signs `timestamp + body` as hex: what QQ does to a callback, and what a bot does to a validation token. */
export function signCallback(keys: CallbackKeys, timestamp: string, body: string | Uint8Array): string {
  return sign(null, signedBytes(timestamp, body), keys.privateKey).toString("hex");
}

/** Whether `signature` (hex) was made with this key over `timestamp + body`, the body byte for byte as received. */
export function verifyCallback(
  keys: CallbackKeys,
  timestamp: string,
  body: string | Uint8Array,
  signature: string,
): boolean {
  const bytes = /^[0-9a-f]{128}$/i.test(signature) ? Buffer.from(signature, "hex") : undefined;
  if (bytes?.length !== SIGNATURE_BYTES) return false;
  return verify(null, signedBytes(timestamp, body), keys.publicKey, bytes);
}

function signedBytes(timestamp: string, body: string | Uint8Array): Buffer {
  return Buffer.concat([Buffer.from(timestamp, "utf8"), typeof body === "string" ? Buffer.from(body, "utf8") : body]);
}
