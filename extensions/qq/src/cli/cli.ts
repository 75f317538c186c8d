import type { OpenClawConfig, OpenClawPluginApi } from "openclaw/plugin-sdk/channel-core";
import { CLI_COMMAND } from "../config/manifest.ts";

/** The command, of the host's own command line, that a registrar hangs its commands under. */
export type Program = Parameters<Parameters<OpenClawPluginApi["registerCli"]>[0]>[0]["program"];

/**
 * Offers `openclaw qq` to the host. Nothing of it is loaded before somebody calls it; each command then loads what it
 * does when it runs.
 */
export function registerQQCli(api: OpenClawPluginApi): void {
  api.registerCli(({ program, config }) => registerCommands(program, config), { descriptors: [CLI_COMMAND] });
}

async function registerCommands(program: Program, config: OpenClawConfig): Promise<void> {
  const qq = program.command(CLI_COMMAND.name).description(CLI_COMMAND.description);
  const [{ registerDoctor }, { registerBind }, { registerImport }] = await Promise.all([
    import("./doctor.ts"),
    import("./bind.ts"),
    import("./import.ts"),
  ]);
  registerDoctor(qq, config);
  registerBind(qq);
  registerImport(qq);
}
