import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { qqPlugin } from "../channel/plugin.ts";
import { setupMetadata } from "./setup-fields.ts";

interface Package {
  readonly openclaw: { readonly setupFeatures: unknown; readonly channel: { readonly setup: unknown } };
}

test("A2: the package tells the host of the same flags as the plugin, and that no key is to be moved", () => {
  const url = new URL("../../package.json", import.meta.url);
  const { openclaw } = JSON.parse(readFileSync(url, "utf8")) as Package;
  expect(openclaw.channel.setup).toEqual(JSON.parse(JSON.stringify(setupMetadata())));
  expect(qqPlugin.setupContract?.metadata).toEqual(setupMetadata());
  expect(openclaw.setupFeatures).toEqual({ configPromotion: qqPlugin.setupContract?.configPromotion });
});
