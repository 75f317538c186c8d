import { defineChannelPluginEntry } from "openclaw/plugin-sdk/channel-core";
import { registerQQCli } from "./src/cli/cli.ts";
import { qqPlugin } from "./src/channel/plugin.ts";
import { REVERSE_ROOT } from "./src/config/onebot-schema.ts";
import { setQQRuntime } from "./src/channel/runtime.ts";

export default defineChannelPluginEntry({
  id: "qq",
  name: "QQ",
  description: "QQ channel: official bots and personal accounts",
  plugin: qqPlugin,
  setRuntime: setQQRuntime,
  registerCliMetadata: registerQQCli,
  // In every mode that serves accounts: the host takes an upgrade handler while a plugin registers, and never later.
  registerCapabilities(api) {
    api.registerHttpRoute({
      path: REVERSE_ROOT,
      match: "prefix",
      // NapCat knows no token of the gateway: each account's own is checked instead.
      auth: "plugin",
      handler: async (req, res) => (await import("./src/channel/onebot-post.ts")).answerPost(req, res),
      handleUpgrade: async (req, socket, head) =>
        (await import("./src/channel/onebot-upgrade.ts")).acceptUpgrade(req, socket, head),
    });
  },
});
