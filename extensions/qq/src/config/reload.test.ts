import { expect, test } from "vitest";
import { pluginManifest } from "./manifest.ts";
import { reload } from "./reload.ts";

const { properties = {} } = pluginManifest("1.2.3").channelConfigs.qq.schema;
const { accounts } = properties as unknown as {
  readonly accounts: { readonly additionalProperties: { readonly properties: object } };
};

test.each(reload.noopPrefixes)("G5: %s is a key of the schema", (path) => {
  const [, key, inAccount] = /^channels\.qq\.(?:(\w+)|accounts\.\*\.(\w+))$/.exec(path) ?? [];
  if (key !== undefined) expect(properties).toHaveProperty(key);
  else expect(accounts.additionalProperties.properties).toHaveProperty(inAccount ?? "");
});

test("G5: what a line is opened with is not live", () => {
  for (const key of ["appId", "appSecret", "appSecretFile", "transport", "shards", "httpUrl", "wsUrl", "accessToken"]) {
    expect(reload.noopPrefixes.filter((path) => path.endsWith(`.${key}`))).toEqual([]);
  }
});
