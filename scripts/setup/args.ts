import { parseArgs } from "node:util";

/** What `pnpm qq:setup` is asked for. */
export interface SetupArgs {
  readonly dryRun: boolean;
  /** Only this file is read, and it must be there; `.env.qq` and `.env` when absent. */
  readonly envFile?: string;
  readonly skipApiProbe: boolean;
  readonly help: boolean;
}

/** The arguments, or undefined where they are not understood. */
export function parseSetupArgs(argv: readonly string[]): SetupArgs | undefined {
  try {
    const { values } = parseArgs({
      // `pnpm qq:setup -- --dry-run` hands the two dashes on.
      args: argv.filter((arg) => arg !== "--"),
      strict: true,
      allowPositionals: false,
      options: {
        "dry-run": { type: "boolean" },
        "env-file": { type: "string" },
        "skip-api-probe": { type: "boolean" },
        help: { type: "boolean", short: "h" },
      },
    });
    const envFile = values["env-file"];
    return {
      dryRun: values["dry-run"] === true,
      ...(envFile !== undefined && { envFile }),
      skipApiProbe: values["skip-api-probe"] === true,
      help: values.help === true,
    };
  } catch {
    return undefined;
  }
}
