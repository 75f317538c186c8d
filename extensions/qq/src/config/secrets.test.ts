import { describe, expect, test } from "vitest";
import { channelSecrets } from "./secrets.ts";

type CollectParams = Parameters<typeof channelSecrets.collectRuntimeConfigAssignments>[0];

const ref = { source: "env", provider: "default", id: "SECRET_OF_TEST" };

const paths = (entries: readonly { readonly path: string }[]): string[] => entries.map(({ path }) => path);

/** Paths of the references that the host would resolve, and those that it would leave alone. */
function collect(qq: Readonly<Record<string, unknown>>) {
  const config = { channels: { qq } };
  const context = { sourceConfig: config, env: {}, cache: {}, warnings: [], warningKeys: new Set(), assignments: [] };
  // What the helper fills is what is made here; the rest of a context is for resolving.
  channelSecrets.collectRuntimeConfigAssignments({ config, context, defaults: undefined } as unknown as CollectParams);
  return { used: paths(context.assignments), unused: paths(context.warnings) };
}

describe("A5: secret references", () => {
  test("may stand in both secrets, of the base and of each account", () => {
    const places = channelSecrets.secretTargetRegistryEntries.map(({ pathPattern }) => pathPattern);
    expect(places.toSorted()).toEqual([
      "channels.qq.accessToken",
      "channels.qq.accounts.*.accessToken",
      "channels.qq.accounts.*.appSecret",
      "channels.qq.appSecret",
    ]);
  });

  test.each(["appSecret", "accessToken"])("%s is resolved where an account uses it", (field) => {
    expect(collect({ [field]: ref }).used).toEqual([`channels.qq.${field}`]);
    expect(collect({ accounts: { me: { [field]: ref } } }).used).toEqual([`channels.qq.accounts.me.${field}`]);
    expect(collect({ [field]: ref, accounts: { me: {} } }).used).toEqual([`channels.qq.${field}`]);
  });

  test.each(["appSecret", "accessToken"])("%s is left alone where none does", (field) => {
    expect(collect({ accounts: { me: { enabled: false, [field]: ref } } })).toEqual({
      used: [],
      unused: [`channels.qq.accounts.me.${field}`],
    });
    expect(collect({ [field]: ref, accounts: { me: { [field]: "own" } } }).used).toEqual([]);
  });
});
