import { createPublicKey, verify } from "node:crypto";
import { describe, expect, it } from "vitest";
import { deriveCallbackKeys, signCallback, verifyCallback } from "./signature.ts";

const rawPublicKey = (secret: string): string =>
  deriveCallbackKeys(secret).publicKey.export({ format: "der", type: "spki" }).subarray(-32).toString("hex");

const BODY_A =
  '{"op":0,"id":"C2C_MESSAGE_CREATE:emu-0001","t":"C2C_MESSAGE_CREATE","d":{"id":"ROBOT1.0_emu0001","author":{"id":"0123456789ABCDEF0123456789ABCDEF","user_openid":"0123456789ABCDEF0123456789ABCDEF","union_openid":"","username":"","bot":false},"content":"你好","message_type":0,"timestamp":"2026-09-21T22:13:20+08:00","message_scene":{"source":"default","ext":["msg_idx=REFIDX_emu0001=="]}}}';

// Rows C and D are printed in QQ's documentation, row E is in the tests of QQ's Go SDK.
const vectors = [
  {
    name: "A own event",
    secret: "Wq7mT2xLp9Zs4BvK",
    timestamp: "1790000000",
    body: BODY_A,
    signature:
      "a4038a3f63a2c2fb2cb900f597ba4d6b0e9ffd227665e57220e26c8232e639c8396702d036d5bd0710a6d314743de51bd2b97944da8d809d51b2dccd94eb7709",
  },
  {
    name: "B own validation",
    secret: "Wq7mT2xLp9Zs4BvK",
    timestamp: "1790000000",
    body: "emuPlainToken0001",
    signature:
      "f927c2d49ccdafc0d1ad704e502c03ee5da3ebe5ca623a33567e25dc88bb0d9e5773862f19c2eda4ef66e087f9cab639565fba01c86b000a521f11a70c9e8903",
  },
  {
    name: "C documented validation",
    secret: "DG5g3B4j9X2KOErG",
    timestamp: "1725442341",
    body: "Arq0D5A61EgUu4OxUvOp",
    signature:
      "87befc99c42c651b3aac0278e71ada338433ae26fcb24307bdc5ad38c1adc2d01bcfcadc0842edac85e85205028a1132afe09280305f13aa6909ffc2d652c706",
  },
  {
    name: "D documented event, which was signed in its pretty-printed form",
    secret: "naOC0ocQE3shWLAfffVLB1rhYPG7",
    timestamp: "1725442341",
    body: '{\n  "op": 0,\n  "d": {},\n  "t": "GATEWAY_EVENT_NAME"\n}',
    signature:
      "865ad13a61752ca65e26bde6676459cd36cf1be609375b37bd62af366e1dc25a8dc789ba7f14e017ada3d554c671a911bfdf075ba54835b23391d509579ed002",
  },
  {
    name: "E Go SDK",
    secret: "123456abcdef",
    timestamp: "1728981195",
    body: '{"id":"ROBOT1.0_veoihSEXDc8Q.g-6eLpNIa11bH8MisOjn-m-LKxCPntMk6exUXgcWCGpVO7L2QKTNZzjZzFFDSbiOFcqAPWyVA!!","content":"哦一下","timestamp":"2024-10-15T16:33:15+08:00","author":{"id":"675860273","user_openid":"675860273"}}',
    signature:
      "e949b5b94ef4103df903fb031d1d16e358db3db83e79e117edd404c8508be3ce8a76d7bad1bed353194c126a1a5915b4ad8b5288c1191cc53a12acffccd82004",
  },
];

describe("callback signature", () => {
  it.each(vectors)("vector $name", ({ secret, timestamp, body, signature }) => {
    const keys = deriveCallbackKeys(secret);
    expect(signCallback(keys, timestamp, body)).toBe(signature);
    expect(verifyCallback(keys, timestamp, Buffer.from(body), signature)).toBe(true);
    expect(verifyCallback(keys, timestamp, `${body} `, signature)).toBe(false);
    expect(verifyCallback(keys, `${timestamp}0`, body, signature)).toBe(false);
  });

  it("derives the public keys that the documentation prints", () => {
    expect(rawPublicKey("Wq7mT2xLp9Zs4BvK")).toBe("d77164b41e9d81ec5a8e2e5773dd6e3fb2266886d7096aa852b1dd3769d71752");
    expect(rawPublicKey("DG5g3B4j9X2KOErG")).toBe("8b28ded5630f9051c205dd04c6ec56ad0b08b8812b2fe30ee9aece0ab41926f3");
    expect(rawPublicKey("naOC0ocQE3shWLAfffVLB1rhYPG7")).toBe(
      "d7c362fe78aef81ff23287b493628b5db02a3c4fe30b215e4d19609b5d76673a",
    );
  });

  // An adapter that repeats a short secret only once gets secrets below 16 characters wrong.
  it.each(Array.from({ length: 40 }, (_, index) => index + 1))("repeats a secret of %i characters", (length) => {
    const secret = "s3CrEt!".repeat(6).slice(0, length);
    const seed = Buffer.from(secret.repeat(32).slice(0, 32));
    const long = deriveCallbackKeys(seed.toString());
    expect(rawPublicKey(secret)).toBe(rawPublicKey(seed.toString()));
    const signature = Buffer.from(signCallback(deriveCallbackKeys(secret), "1", "x"), "hex");
    expect(verify(null, Buffer.from("1x"), createPublicKey(long.privateKey), signature)).toBe(true);
  });

  it.each(["", "zz".repeat(64), "ab".repeat(63), "ab".repeat(65), ` ${"ab".repeat(64)}`])(
    "refuses the signature %j without a throw",
    (signature) => {
      expect(verifyCallback(deriveCallbackKeys("s"), "1", "x", signature)).toBe(false);
    },
  );

  it("has no keys for an empty secret", () => {
    expect(() => deriveCallbackKeys("")).toThrow(RangeError);
  });
});
