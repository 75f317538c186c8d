import { resolveAccount } from "../config/account.ts";
import { isAppId, isOrigin, parseBothSecrets } from "./answers.ts";
import { askReference } from "./ask-reference.ts";
import type { Answers, Asking } from "./configure.ts";
import { inheritsRoad, type AccountPatch } from "./save.ts";
import { wizardTexts } from "./texts.ts";

/** AppID and AppSecret, pasted at once or one after the other, and how messages come from QQ. */
export async function askOfficial(asking: Asking): Promise<Answers> {
  const secrets = asking.options?.secretInputMode === "ref" ? await askByReference(asking) : await askSecrets(asking);
  const arrival = await askArrival(asking);
  return { ...secrets, ...arrival, patch: { ...secrets.patch, ...arrival.patch } };
}

async function askSecrets({ cfg, accountId, env, isEdit, locale, prompter }: Asking): Promise<Answers> {
  const text = await prompter.text({
    message: wizardTexts[isEdit ? "bothSecretsKeep" : "bothSecrets"][locale],
    sensitive: true,
    validate: (value) => {
      const answer = (value ?? "").trim();
      const isGood = parseBothSecrets(answer) !== undefined || isAppId(answer) || (isEdit && answer === "");
      return isGood ? undefined : wizardTexts.bothSecretsWrong[locale];
    },
  });
  const both = parseBothSecrets(text ?? "");
  if (both) return { patch: { ...both, appSecretFile: undefined } };
  const typed = (text ?? "").trim();
  if (typed === "") return { patch: {} };
  const now = resolveAccount(cfg, accountId, env, "inspect").appId;
  const appSecret = await askAppSecret(typed, { locale, prompter });
  return { patch: { ...(typed !== now && { appId: typed }), appSecret, appSecretFile: undefined } };
}

async function askAppSecret(appId: string, { locale, prompter }: Pick<Asking, "locale" | "prompter">): Promise<string> {
  const secret = await prompter.text({
    message: wizardTexts.appSecret(appId)[locale],
    sensitive: true,
    validate: (value) => ((value ?? "").trim() === "" ? wizardTexts.appSecretNeeded[locale] : undefined),
  });
  return secret.trim();
}

async function askByReference(asking: Asking): Promise<Answers> {
  const { cfg, accountId, env, isEdit, locale, prompter } = asking;
  const now = isEdit ? resolveAccount(cfg, accountId, env, "inspect").appId : undefined;
  const appId = await prompter.text({
    message: wizardTexts.appId[locale],
    ...(now !== undefined && { initialValue: now }),
    validate: (value) => (isAppId(value ?? "") ? undefined : wizardTexts.bothSecretsWrong[locale]),
  });
  const secret = await askReference(asking, "AppSecret", "QQ_BOT_APP_SECRET");
  return {
    patch: { appId: appId.trim(), ...(secret && { appSecret: secret.value, appSecretFile: undefined }) },
    ...(secret && { plain: { appSecret: secret.resolvedValue } }),
  };
}

async function askArrival({ cfg, accountId, env, isEdit, locale, prompter }: Asking): Promise<Answers> {
  const now = resolveAccount(cfg, accountId, env, "inspect");
  const current = isEdit && now.transport === "webhook" ? "webhook" : "websocket";
  const arrival = await prompter.select<"websocket" | "webhook">({
    message: wizardTexts.arrival[locale],
    options: [
      { value: "websocket", label: wizardTexts.websocket[locale], hint: wizardTexts.websocketHint[locale] },
      { value: "webhook", label: wizardTexts.webhook[locale], hint: wizardTexts.webhookHint[locale] },
    ],
    initialValue: current,
  });
  if (arrival === "websocket") return { patch: webSocketPatch(inheritsRoad(cfg, accountId)) };
  const publicUrl = await askPublicUrl({ locale, prompter });
  return { patch: { transport: "webhook" }, publicUrl };
}

/** A bot without a webhook path comes by WebSocket; what the base says of its own road is not for this account. */
function webSocketPatch(isInherited: boolean): AccountPatch {
  return { webhookPath: undefined, transport: isInherited ? "websocket" : undefined };
}

async function askPublicUrl({ locale, prompter }: Pick<Asking, "locale" | "prompter">): Promise<string | undefined> {
  const text = await prompter.text({
    message: wizardTexts.publicUrl[locale],
    placeholder: "https://bot.example.com",
    validate: (value) => {
      const answer = (value ?? "").trim();
      return answer === "" || isOrigin(answer) ? undefined : wizardTexts.publicUrlWrong[locale];
    },
  });
  return text?.trim() || undefined;
}
