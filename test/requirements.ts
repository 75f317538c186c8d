/**
 * What the plugin must do, as data. A test that proves a row begins its title with the row's id, several ids before one
 * colon: `test("D1 E1: an unknown sender ...")`. `test/repo/requirements.test.ts` holds the two against each other.
 */

type Transport = "webhook" | "websocket" | "onebot";

export interface Requirement {
  readonly id: string;
  readonly statement: string;
  /** Where it has to hold. */
  readonly transports: readonly Transport[];
  /** What brings it: until then nothing proves it, but for what `partly` names. */
  readonly planned?: `issue ${number}`;
  /** How much of it holds by now, and what brings the rest. */
  readonly partly?: string;
  /** Why it does not hold although it was built. */
  readonly knownFailure?: string;
  /** A proof without a real gateway is not enough. */
  readonly gateway?: true;
}

const ALL: readonly Transport[] = ["webhook", "websocket", "onebot"];
const OFFICIAL: readonly Transport[] = ["webhook", "websocket"];
const ONEBOT: readonly Transport[] = ["onebot"];

export const requirements: readonly Requirement[] = [
  // Installing and setting up
  {
    id: "A1",
    statement: "The folder and the packed tarball install with the host's own command, load and trip no install scan.",
    transports: ALL,
    gateway: true,
  },
  {
    id: "A2",
    statement: "`channels add` leads to this plugin's set-up under `qq` and `qqbot`, as a wizard and with flags.",
    transports: ALL,
    gateway: true,
  },
  {
    id: "A3",
    statement: "`qq:setup` reads `.env.qq`, checks the credentials, writes the configuration and probes it.",
    transports: OFFICIAL,
    gateway: true,
  },
  {
    id: "A4",
    statement: "Environment variables speak for the default account; the configuration wins over them.",
    transports: OFFICIAL,
  },
  {
    id: "A5",
    statement:
      "Secrets come by value, file or the host's SecretRef; a bad file stops only its account, naming the key.",
    transports: ALL,
    gateway: true,
  },
  {
    id: "A6",
    statement: "Status, probe and logs of the host show each account truthfully, with the last error and advice.",
    transports: ALL,
    gateway: true,
  },
  {
    id: "A7",
    statement: "One schema serves the config command, the Control UI and the plugin, and says what to write instead.",
    transports: ALL,
    gateway: true,
  },

  // Configuration keys
  {
    id: "B1",
    statement: "`enabled`, `name`, `accounts` and `defaultAccount`; an account inherits the base.",
    transports: ALL,
  },
  {
    id: "B2",
    statement: "Keys of official bots; one base address leads every call, token and socket included.",
    transports: OFFICIAL,
  },
  { id: "B3", statement: "Keys of OneBot accounts.", transports: ONEBOT, gateway: true },
  {
    id: "B4",
    statement: "Access: policies of direct messages and groups, with pairing and allowlist as defaults.",
    transports: ALL,
  },
  {
    id: "B5",
    statement: "Chunk size and mode, lengths of history, reply mode.",
    transports: ALL,
    gateway: true,
  },
  {
    id: "B6",
    statement: "The host's own mention patterns, session, queue, streaming and tool settings have effect.",
    transports: ALL,
    partly: "all but the streaming settings of the host, which F8 has to show",
    gateway: true,
  },

  // Lines to QQ
  {
    id: "C1",
    statement: "Callbacks are verified first, stored next and answered at once; a repeated one starts nothing.",
    transports: ["webhook"],
    gateway: true,
  },
  {
    id: "C2",
    statement: "The gateway socket beats, resumes wherever that is allowed, never gives up, and never claims to be up.",
    transports: ["websocket"],
    gateway: true,
  },
  {
    id: "C3",
    statement: "Every official event is understood, or counted and ignored by name.",
    transports: OFFICIAL,
  },
  {
    id: "C4",
    statement: "OneBot lines reconnect, notice a dead or offline account and back-fill what they missed.",
    transports: ONEBOT,
    gateway: true,
  },
  {
    id: "C5",
    statement: "OneBot events and segments, both ways.",
    transports: ONEBOT,
    gateway: true,
  },
  {
    id: "C6",
    statement:
      "An answer goes back to the chat that asked; kinds of ids cannot be confused; ids are kept byte for byte.",
    transports: ALL,
  },
  {
    id: "C7",
    statement: "The transport is configured or inferred; which and why is one log line and in the status.",
    transports: ALL,
  },

  // Who may talk, and where
  {
    id: "D1",
    statement: "Pairing: a stranger gets one code and reaches no agent until the real CLI approves them.",
    transports: ALL,
    gateway: true,
  },
  {
    id: "D2",
    statement: "`allowlist`, `open` and `disabled` do what they say for direct messages.",
    transports: ALL,
    gateway: true,
  },
  {
    id: "D3",
    statement: "Groups, then senders, as configured; by default nobody.",
    transports: ALL,
    gateway: true,
  },
  {
    id: "D4",
    statement: "A group message without a mention costs no model call and feeds the group's history.",
    transports: ALL,
    gateway: true,
  },
  {
    id: "D5",
    statement: "Tools and system prompt of a group reach the agent for that group only.",
    transports: ALL,
    gateway: true,
  },
  {
    id: "D6",
    statement: "A stranger in an allowed group can chat and no more.",
    transports: ALL,
    gateway: true,
  },

  // Sessions
  {
    id: "E1",
    statement: "Direct messages follow the host's dmScope; each group and channel is a session of its own.",
    transports: ALL,
    gateway: true,
  },
  {
    id: "E2",
    statement: "Nobody's text appears in another's prompt; what is stored is what was typed.",
    transports: ALL,
    planned: "issue 6",
    partly: "what is read back, quoted or told late on a personal account stays in its chat; the rest is not searched",
  },
  {
    id: "E3",
    statement: "The agent sees who speaks: name, short id, role.",
    transports: ALL,
  },

  // Answers
  {
    id: "F1",
    statement: "Text is cut at the limit without breaking code, tables or characters.",
    transports: ALL,
  },
  {
    id: "F2",
    statement: "One ledger of passive replies for all sends, and an answer that arrives whatever is left of it.",
    transports: OFFICIAL,
    gateway: true,
  },
  {
    id: "F3",
    statement: "`msg_seq` is unique per message, also over a restart; a dedupe answer counts as delivered.",
    transports: OFFICIAL,
    gateway: true,
  },
  {
    id: "F4",
    statement: "Refused addresses arrive in a usable form.",
    transports: OFFICIAL,
    gateway: true,
  },
  { id: "F5", statement: "Reply references and native quotes.", transports: ALL, gateway: true },
  {
    id: "F6",
    statement: "Media, both ways.",
    transports: ALL,
    gateway: true,
  },
  {
    id: "F7",
    statement: "Markdown where it is allowed, clean text where not.",
    transports: ALL,
    gateway: true,
  },
  {
    id: "F8",
    statement: "Something true is visible while a turn runs.",
    transports: ALL,
    gateway: true,
  },
  {
    id: "F9",
    statement: "What failed or is unknown is never reported as delivered, and is tried again where that helps.",
    transports: ALL,
    gateway: true,
  },
  {
    id: "F10",
    statement: "Approvals by buttons, with text as fallback.",
    transports: ALL,
    gateway: true,
  },
  {
    id: "F11",
    statement: "Sends outside of a turn; an unknown target is refused with the list of shapes.",
    transports: ALL,
    gateway: true,
  },
  {
    id: "F12",
    statement: "Recall, react, poke, read a message.",
    transports: ALL,
    gateway: true,
  },

  // Keeping faith
  {
    id: "G1",
    statement: "An event is acknowledged only once it is stored; kill -9 loses none and starts none twice.",
    transports: ALL,
    gateway: true,
  },
  {
    id: "G2",
    statement: "One event starts one turn, whatever roads it takes and how often it comes.",
    transports: ALL,
  },
  {
    id: "G3",
    statement: "No secret, token or message body in logs, errors, status or prompt.",
    transports: ALL,
    planned: "issue 6",
    partly: "what a run of the gateway logs and asks the model is searched; the rest of the ways out is not",
  },
  {
    id: "G4",
    statement: "Bad input is counted and dropped, and never ends the line that it came on.",
    transports: ALL,
  },
  {
    id: "G5",
    statement: "A changed configuration reloads one account and leaves the others alone.",
    transports: ALL,
    gateway: true,
  },
];
