import { homedir } from "node:os";
import { delimiter, dirname, join } from "node:path";

/** What a gateway gets of our own environment. Neither credentials nor a test runner's marks are among it. */
const PASSED =
  /^(PATH|TMPDIR|TMP|TEMP|TZ|LANG|LC_\w+|HTTPS?_PROXY|SSL_CERT_(FILE|DIR)|NODE_EXTRA_CA_CERTS|SYSTEMROOT|WINDIR|COMSPEC|PATHEXT|SYSTEMDRIVE|NPM_CONFIG_(REGISTRY|CAFILE|CACHE|USERCONFIG))$/i;

export interface EnvironmentOptions {
  /** Home of the gateway. */
  readonly directory: string;
  readonly stateDir: string;
  readonly configPath: string;
  readonly port: number;
  readonly token: string;
}

/** The environment of a gateway that shares nothing with another OpenClaw on this machine. */
export function gatewayEnvironment(options: EnvironmentOptions, own: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const passed = Object.fromEntries(Object.entries(own).filter(([name]) => PASSED.test(name)));
  const pathName = Object.keys(passed).find((name) => name.toUpperCase() === "PATH") ?? "PATH";
  return {
    npm_config_userconfig: join(homedir(), ".npmrc"),
    ...passed,
    // Tools that it starts by name find the Node that we run on.
    [pathName]: [dirname(process.execPath), passed[pathName]].filter(Boolean).join(delimiter),
    NO_PROXY: "127.0.0.1,localhost",
    HOME: options.directory,
    USERPROFILE: options.directory,
    OPENCLAW_HOME: options.directory,
    OPENCLAW_STATE_DIR: options.stateDir,
    OPENCLAW_CONFIG_PATH: options.configPath,
    OPENCLAW_GATEWAY_PORT: String(options.port),
    OPENCLAW_GATEWAY_TOKEN: options.token,
    OPENCLAW_DISABLE_BONJOUR: "1",
    OPENCLAW_NO_AUTO_UPDATE: "1",
    OPENCLAW_OFFLINE: "1",
    OPENCLAW_SKIP_CRON: "1",
    OPENCLAW_NO_RESPAWN: "1",
    // Undocumented: without its own plugins the host is 300 MB smaller and ready sooner; a chat needs none of them.
    OPENCLAW_DISABLE_BUNDLED_PLUGINS: "1",
    NO_COLOR: "1",
  };
}
