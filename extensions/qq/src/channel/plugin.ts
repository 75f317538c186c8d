import { createChatChannelPlugin, type OpenClawConfig } from "openclaw/plugin-sdk/channel-core";
import {
  createScopedChannelConfigAdapter,
  createScopedDmSecurityResolver,
} from "openclaw/plugin-sdk/channel-config-helpers";
import { PAIRING_APPROVED_MESSAGE } from "openclaw/plugin-sdk/channel-status";
import { buildChannelConfigSchema } from "openclaw/plugin-sdk/channel-core";
import {
  listAccountIds,
  isConfigured,
  resolveAccount,
  resolveDefaultAccountId,
  type QQAccount,
} from "../config/account.ts";
import { ROAD_KEYS } from "../config/identity-keys.ts";
import { CHANNEL_META, uiHints } from "../config/manifest.ts";
import { reload } from "../config/reload.ts";
import { ChannelSchema } from "../config/schema.ts";
import { env } from "../config/env.ts";
import { groupRules } from "./receive/access.ts";
import { normalizeAllowEntry } from "./receive/allow-entry.ts";
import { messageActions } from "./interaction/actions.ts";
import { approvals } from "./approvals/approvals.ts";
import { directory } from "./directory.ts";
import { agentHints } from "./hints.ts";
import { directSends, messageAdapter } from "./answer/message.ts";
import { presentationCapabilities, presentationRenderer } from "./interaction/presentation.ts";
import type { QQProbe } from "./probe.ts";
import { RunningAccounts } from "./running.ts";
import { statusAdapter } from "./status.ts";
import { describeAccount } from "./describe.ts";
import { messaging } from "./targets.ts";
import { setupContract } from "../setup/contract.ts";
import { setupWizard } from "../setup/wizard.ts";
import { channelSecrets } from "../config/secrets.ts";

const accounts = new RunningAccounts();

const readAccount = (cfg: OpenClawConfig, accountId?: string | null): QQAccount => resolveAccount(cfg, accountId, env);
const inspectAccount = (cfg: OpenClawConfig, accountId?: string | null): QQAccount =>
  resolveAccount(cfg, accountId, env, "inspect");
/** What the host shows without a gateway, and chooses by; it shows the fields that it knows to be no secrets. */
const inspection = (cfg: OpenClawConfig, accountId?: string | null) => {
  const account = inspectAccount(cfg, accountId);
  return { ...account, ...describeAccount(account), configured: isConfigured(account) };
};

/** The QQ channel: one line for each part of it that the host asks for. */
export const qqPlugin = createChatChannelPlugin<QQAccount, QQProbe>({
  base: {
    id: "qq",
    meta: CHANNEL_META,
    setupContract,
    setupWizard,
    capabilities: {
      chatTypes: ["direct", "group", "channel"],
      media: true,
      reactions: true,
      unsend: true,
      threads: false,
      polls: false,
      nativeCommands: false,
      blockStreaming: false,
    },
    reload,
    configSchema: buildChannelConfigSchema(ChannelSchema, { uiHints: uiHints() }),
    config: {
      ...createScopedChannelConfigAdapter<QQAccount>({
        sectionKey: "qq",
        listAccountIds,
        resolveAccount: readAccount,
        inspectAccount: inspection,
        defaultAccountId: resolveDefaultAccountId,
        clearBaseFields: [...ROAD_KEYS, "name"],
        resolveAllowFrom: (account) => account.config.allowFrom,
        formatAllowFrom: (entries) => entries.map((entry) => normalizeAllowEntry(String(entry))),
      }),
      isConfigured,
      describeAccount: (account) => ({
        ...describeAccount(account),
        accountId: account.accountId,
        ...(account.name === undefined ? {} : { name: account.name }),
        enabled: account.enabled,
        configured: isConfigured(account),
      }),
    },
    secrets: channelSecrets,
    auth: {
      login: async ({ accountId, runtime }) => {
        const { bindAtTerminal } = await import("../setup/bind-command.ts");
        await bindAtTerminal({ account: accountId }, (lines) => runtime.log(lines));
      },
    },
    groups: {
      resolveRequireMention: ({ cfg, accountId, groupId }) =>
        groupRules(inspectAccount(cfg, accountId).config, groupId ?? "").entry.requireMention ?? true,
      resolveToolPolicy: ({ cfg, accountId, groupId }) =>
        groupRules(inspectAccount(cfg, accountId).config, groupId ?? "").entry.tools,
    },
    messaging,
    directory,
    agentPrompt: agentHints(accounts),
    actions: messageActions(accounts),
    approvalCapability: approvals(accounts),
    status: statusAdapter,
    doctor: {
      collectPreviewWarnings: async ({ cfg }) => {
        const { previewWarnings } = await import("../doctor/preview.ts");
        return previewWarnings(cfg, env);
      },
    },
    gateway: {
      startAccount: async (ctx) => {
        const { startAccount } = await import("./start.ts");
        return startAccount(ctx, accounts);
      },
    },
    message: messageAdapter(accounts),
  },
  security: {
    resolveDmPolicy: createScopedDmSecurityResolver<QQAccount>({
      channelKey: "qq",
      resolvePolicy: (account) => account.config.dmPolicy,
      resolveAllowFrom: (account) => account.config.allowFrom,
      policyPathSuffix: "dmPolicy",
      normalizeEntry: normalizeAllowEntry,
    }),
    collectAuditFindings: async ({ cfg, account }) => {
      const { auditFindings } = await import("../checks/audit.ts");
      return auditFindings({ account, snapshot: undefined, cfg, env });
    },
  },
  pairing: {
    text: { idLabel: "QQ id", message: PAIRING_APPROVED_MESSAGE, normalizeAllowEntry, notify: async () => {} },
  },
  threading: {
    resolveReplyToMode: ({ cfg, accountId }) => inspectAccount(cfg, accountId).config.replyToMode ?? "first",
  },
  outbound: {
    // A second process must not dial QQ: the CLI's sends go to the gateway that holds the account.
    deliveryMode: "gateway",
    ...directSends(accounts),
    presentationCapabilities,
    renderPresentation: presentationRenderer(accounts),
    // The card is on its way to whoever may decide; the host says so where that is elsewhere.
    shouldSuppressLocalPayloadPrompt: ({ hint }) =>
      hint?.kind === "approval-pending" && hint.nativeRouteActive === true,
  },
});
