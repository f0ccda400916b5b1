import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";

/** What a request has to show before anything else of it is looked at. */
export interface Door {
  readonly port: number;
  readonly token: string;
}

/** Why a request is sent away. */
export interface Refusal {
  readonly status: number;
  readonly reason: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The longest body, in bytes. */
export const longestBody = 4 * 1024 * 1024;

/**
 * Decides whether a request may come in. A web page that a browser on this machine shows is kept out by its Host, when
 * its name was pointed at this address, and by its Origin; every other program by the token.
 *
 * @see https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#security-warning
 */
export function refusalOf(
  request: { readonly url?: string | undefined; readonly headers: IncomingHttpHeaders },
  { port, token }: Door,
): Refusal | undefined {
  const { host, origin, authorization } = request.headers;
  const names = [`127.0.0.1:${port}`, `localhost:${port}`];
  if (host === undefined || !names.includes(host.toLowerCase())) {
    return { status: 403, reason: `Host is not ${names.join(" or ")}` };
  }
  if (origin !== undefined && !names.some((name) => origin.toLowerCase() === `http://${name}`)) {
    return { status: 403, reason: "requests of other origins are not answered" };
  }
  if ((request.url ?? "").split("?", 1)[0] !== "/mcp") return { status: 404, reason: "there is only /mcp here" };
  if (!isToken(authorization, token)) {
    return {
      status: 401,
      reason: "expected the server's token",
      headers: { "www-authenticate": 'Bearer realm="memomesh"' },
    };
  }
  if (Number(request.headers["content-length"] ?? 0) > longestBody) {
    return { status: 413, reason: `a body has at most ${longestBody} bytes` };
  }
  return undefined;
}

/** Compares digests, so that neither the time nor the length tells how much of the token was right. */
function isToken(authorization: string | undefined, token: string): boolean {
  const given = /^Bearer +(\S+) *$/i.exec(authorization ?? "")?.[1] ?? "";
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(given), digest(token));
}
