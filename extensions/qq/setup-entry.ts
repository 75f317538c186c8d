import { defineSetupPluginEntry } from "openclaw/plugin-sdk/channel-core";
import { qqPlugin } from "./src/channel/plugin.ts";

export default defineSetupPluginEntry(qqPlugin);
