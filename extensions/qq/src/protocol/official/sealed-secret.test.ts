import { expect, test } from "vitest";
import { openSecret } from "./sealed-secret.ts";

/** Made with node:crypto: key 00 01 .. 1f, IV 64 65 .. 6f, and the secret of QQ's own signature samples. */
const KEY = Uint8Array.from({ length: 32 }, (_, index) => index);
const SEALED = "ZGVmZ2hpamtsbW5vDFzrAUqrYvQHOm2jlSAYuopiRbBS4YANT8Ibo415Sy0=";

const changed = (index: number): string => {
  const bytes = Buffer.from(SEALED, "base64");
  bytes.writeUInt8(bytes.readUInt8(index) ^ 1, index);
  return bytes.toString("base64");
};

test("A2: the secret of a scan is opened: 12 bytes of IV, the ciphertext, 16 bytes of tag", () => {
  expect(openSecret(SEALED, KEY)).toBe("DG5g3B4j9X2KOErG");
});

test.each([
  ["IV", 0],
  ["ciphertext", 12],
  ["tag", Buffer.from(SEALED, "base64").length - 1],
])("A2: one wrong bit in the %s is found", (_, index) => {
  expect(() => openSecret(changed(index), KEY)).toThrow(/^the sealed secret does not open with this task's key$/);
});

test("A2: another task's key opens nothing, and the error holds neither", () => {
  expect(() => openSecret(SEALED, KEY.toReversed())).toThrow(/^the sealed secret does not open with this task's key$/);
});

test("what is too short to hold a secret is refused", () => {
  expect(() => openSecret(Buffer.alloc(28).toString("base64"), KEY)).toThrow(RangeError);
  expect(() => openSecret("", KEY)).toThrow(RangeError);
});
