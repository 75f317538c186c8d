import { defineChannelPluginEntry } from "openclaw/plugin-sdk/channel-core";
import { qqPlugin } from "./src/channel/plugin.ts";
import { setQQRuntime } from "./src/channel/runtime.ts";

export default defineChannelPluginEntry({
  id: "qq",
  name: "QQ",
  description: "QQ channel: official bots by webhook or gateway",
  plugin: qqPlugin,
  setRuntime: setQQRuntime,
});
