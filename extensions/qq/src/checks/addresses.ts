/** Host and port of a URL, the scheme's port filled in; `undefined` for what is no URL. */
export function placeOf(url: string): string | undefined {
  const parsed = URL.parse(url);
  if (parsed === null || parsed.host === "") return undefined;
  const port = parsed.port || (/^(?:https|wss):$/.test(parsed.protocol) ? "443" : "80");
  const host = parsed.hostname === "localhost" ? "127.0.0.1" : parsed.hostname;
  return `${host}:${port}`;
}
