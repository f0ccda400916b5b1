import { keyFinder } from "../providers/key.ts";
import type { ProgramOptions } from "./options.ts";
import type { Places, Program } from "./program.ts";

/** What a program needs to find other programs, to speak a language, and to reach its vendor through a proxy. */
const passed = [
  ...["PATH", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "SSL_CERT_FILE", "SSL_CERT_DIR", "NODE_EXTRA_CA_CERTS"],
  ...["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "all_proxy", "no_proxy"],
];

/** A whole environment: nothing of the person's own but what is named here. */
export function programEnvironment({
  home,
  temporary,
}: Places): Readonly<Record<string, string>> & { readonly HOME: string } {
  const found = passed.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]] as const]));
  return { ...Object.fromEntries(found), HOME: home, TMPDIR: temporary, TERM: "dumb", NO_COLOR: "1" };
}

/**
 * The key that a program works with, under the name of the variable in which it wants it.
 *
 * @throws ModelFailure `login` when there is none
 */
export async function programKey(
  agent: string,
  { keyVariables }: Pick<Program, "keyVariables">,
  { keyEnv, keyCommand, baseUrl }: Pick<ProgramOptions, "keyEnv" | "keyCommand" | "baseUrl">,
  signal: AbortSignal,
): Promise<Readonly<Record<string, string>>> {
  const [usual] = keyVariables;
  if (keyEnv === undefined && keyCommand === undefined) {
    if (usual === undefined) return {};
    // A vendor's key is sent to the vendor only; a server of one's own often wants none, but the program insists on one.
    if (baseUrl !== undefined) return { [usual]: "none" };
  }
  const variables = keyEnv === undefined ? keyVariables : [keyEnv];
  const key = await keyFinder({ agent, variables, command: keyCommand })(signal);
  const found = keyCommand === undefined ? variables.find((name) => process.env[name]?.trim() === key) : keyEnv;
  const takes = found !== undefined && (usual === undefined || keyVariables.includes(found));
  return { [takes ? found : (usual ?? "")]: key };
}
