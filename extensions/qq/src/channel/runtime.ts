import { createPluginRuntimeStore, type PluginRuntime } from "openclaw/plugin-sdk/runtime-store";

/** What the host gives the plugin to work with; set once, when the host registers it. */
export const {
  setRuntime: setQQRuntime,
  getRuntime: getQQRuntime,
  tryGetRuntime: tryGetQQRuntime,
} = createPluginRuntimeStore<PluginRuntime>({
  pluginId: "qq",
  errorMessage: "the QQ plugin was used before the host registered it",
});
