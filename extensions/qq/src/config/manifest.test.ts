import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { describe, expect, test } from "vitest";
import { CHANNEL_META, documentedKeys, pluginManifest, uiHints } from "./manifest.ts";
import { examples, refused } from "./testing/examples.ts";

interface Validate {
  (data: unknown): boolean;
  readonly errors?: unknown;
}

/** The validator that the host itself brings along. */
const hostRequire = createRequire(import.meta.resolve("openclaw/plugin-sdk/channel-core"));
const { Ajv } = hostRequire("ajv") as { Ajv: new (options: object) => { compile(schema: object): Validate } };

const manifest = pluginManifest("1.2.3");
const { schema } = manifest.channelConfigs.qq;
const properties = schema.properties ?? {};
/** Keys of the host's common shape, explained by the host's own documents. */
const HOST_KEYS = new Set(
  "capabilities markdown configWrites defaultTo mentionPatterns contextVisibility dms streaming heartbeatVisibility healthMonitor responsePrefix implicitMentions".split(
    " ",
  ),
);

describe("A7: the manifest's JSON schema", () => {
  const validate = new Ajv({ strict: false, allErrors: true }).compile(schema);

  test.each(Object.entries(examples))("takes %s", (_name, config) => {
    expect(validate(config), JSON.stringify(validate.errors)).toBe(true);
  });

  // What spans two keys is not for a JSON schema to say; the plugin's own schema says it.
  test.each(refused.filter(([config]) => !JSON.stringify(config).includes('"open"')))("refuses %j", (config) => {
    expect(validate(config)).toBe(false);
  });
});

describe("A7: hints", () => {
  test("every key of ours has one, and nothing else has", () => {
    const ours = Object.keys(properties).filter((key) => !HOST_KEYS.has(key));
    expect(
      documentedKeys()
        .map(([key]) => key)
        .sort(),
    ).toEqual(ours.sort());
    for (const key of HOST_KEYS) expect(properties).toHaveProperty(key);
  });

  test.each(Object.keys(uiHints()))("%s is a key of the schema", (hinted) => {
    const path = hinted.replace(/\.\*$/, "");
    const inAccount = (properties["accounts"] as { additionalProperties: { properties: object } }).additionalProperties;
    const account = "accounts.*.";
    if (path.startsWith(account)) expect(inAccount.properties).toHaveProperty(path.slice(account.length));
    else expect(properties).toHaveProperty(path);
  });

  test("B1: an account has the hints of the base, but for accounts and defaultAccount", () => {
    const hints = uiHints();
    for (const [key] of documentedKeys()) {
      const own = key === "accounts" || key === "defaultAccount" ? undefined : hints[key];
      expect(hints[`accounts.*.${key}`]).toEqual(own);
    }
  });

  test.each(documentedKeys())("%s is explained in English and in Chinese", (_key, text) => {
    for (const part of [text.label, text.help]) expect(part).toMatch(/^[\x20-\x7e]{2,}$/);
    expect(text.helpZh).toMatch(/\p{Script=Han}/u);
    expect(text.helpZh).toMatch(/。$/);
    expect(text.help).toMatch(/\.$/);
  });

  test("a secret is marked as such, and the Chinese texts stay out of the host's form", () => {
    for (const key of ["appSecret", "accessToken"]) {
      expect(uiHints()[key]).toMatchObject({ sensitive: true });
      expect(uiHints()[`accounts.*.${key}`]).toMatchObject({ sensitive: true });
    }
    for (const hint of Object.values(uiHints())) expect(hint).not.toHaveProperty("helpZh");
  });

  test("an account shows labels and helps even where the host's own hints come before those of a plugin", () => {
    const schemaOf = (properties["accounts"] as { additionalProperties: { properties: Record<string, object> } })
      .additionalProperties.properties;
    for (const [key, { label, help }] of documentedKeys()) {
      if (key === "accounts" || key === "defaultAccount") continue;
      expect(schemaOf[key], key).toMatchObject({ title: label, description: help });
    }
  });
});

test("the manifest names the channel, and the file that the host reads is this one", () => {
  expect(manifest).toMatchObject({ id: "qq", channels: ["qq"], version: "1.2.3" });
  expect(CHANNEL_META.aliases).toEqual(["qqbot"]);
  const root = new URL("../../", import.meta.url);
  const { version } = JSON.parse(readFileSync(new URL("package.json", root), "utf8")) as { version: string };
  const file: unknown = JSON.parse(readFileSync(new URL("openclaw.plugin.json", root), "utf8"));
  expect(file).toEqual(JSON.parse(JSON.stringify(pluginManifest(version))));
});
