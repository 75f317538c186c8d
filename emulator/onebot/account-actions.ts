import { isFields } from "../fields.ts";
import { ActionError, type ActionTable, type OneBotAction } from "./actions.ts";
import { runQuickOperation } from "./quick-operation.ts";
import { required } from "./params.ts";
import type { Software } from "./settings.ts";

/** What each implementation says it is (onebot-napcat.md 6.3, 9). */
const VERSIONS: Readonly<Record<Software, { readonly app_name: string; readonly app_version: string }>> = {
  napcat: { app_name: "NapCat.Onebot", app_version: "4.18.19" },
  llonebot: { app_name: "LLOneBot", app_version: "6.6.0" },
  lagrange: { app_name: "Lagrange.OneBot", app_version: "0.0.3" },
  "go-cqhttp": { app_name: "go-cqhttp", app_version: "v1.2.0" },
};

/** What the emulator never does (10.44): the answers are plausible failures. */
const refusedFor =
  (text: string): OneBotAction["run"] =>
  () => {
    throw new ActionError(text);
  };

/** The account itself and its NapCat (onebot-napcat.md 6.3). */
export const accountActions: ActionTable = {
  get_login_info: { params: {}, run: (_, { account }) => ({ user_id: Number(account.uin), nickname: account.name }) },
  get_status: { params: {}, run: (_, { online }) => ({ online, good: true, stat: {} }) },
  get_version_info: {
    params: {},
    run: (_, { settings }) => {
      const { app_name, app_version } = VERSIONS[settings.software];
      return { app_name, protocol_version: "v11", app_version };
    },
  },
  can_send_image: { params: {}, run: () => ({ yes: true }) },
  can_send_record: { params: {}, run: () => ({ yes: true }) },
  nc_get_packet_status: { params: {}, packet: true, run: () => undefined },
  ".handle_quick_operation": {
    params: { context: required("any"), operation: required("any") },
    run: ({ context: event, operation }, context) => {
      if (isFields(event) && isFields(operation)) void runQuickOperation(event, operation, context);
      return undefined;
    },
  },
  ...Object.fromEntries(
    ["bot_exit", "set_restart", "get_cookies", "get_csrf_token", "get_credentials", "get_clientkey", "get_rkey"].map(
      (name) => [name, { params: {}, run: refusedFor("操作失败") }],
    ),
  ),
  nc_get_rkey: { params: {}, packet: true, run: refusedFor("操作失败") },
  get_rkey_server: { params: {}, packet: true, run: refusedFor("操作失败") },
  send_packet: { params: {}, packet: true, run: refusedFor("操作失败") },
};
