import type { ChannelSetupWizardAdapter } from "openclaw/plugin-sdk/setup";

/** `openclaw channels add`, `openclaw configure`, `openclaw onboard` and the Control UI's set-up. Loaded when asked. */
export const setupWizard: ChannelSetupWizardAdapter = {
  channel: "qq",
  getStatus: async ({ cfg }) => (await import("./wizard-status.ts")).wizardStatus(cfg),
  configure: async (context) => {
    const { configure } = await import("./configure.ts");
    const result = await configure(context);
    return result === "skip" ? { cfg: context.cfg, completion: "paused" } : result;
  },
  configureInteractive: async (context) => (await import("./configure.ts")).configure(context),
  afterConfigWritten: async ({ cfg, accountId, runtime }) => {
    const { tellNextSteps } = await import("./configure.ts");
    await tellNextSteps(cfg, accountId, (line) => runtime.log(line));
  },
  disable: (cfg) => ({ ...cfg, channels: { ...cfg.channels, qq: { ...cfg.channels?.["qq"], enabled: false } } }),
};
