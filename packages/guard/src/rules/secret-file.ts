import type { Risk } from "@memomesh/core";

const folders = new Set([".ssh", ".gnupg", ".aws", ".password-store", ".vault", ".azure"]);
const openFiles = /^(?:known_hosts|config|allowed_signers|authorized_keys)$|\.pub$/;
const keys =
  /^(?:id_(?:rsa|dsa|ecdsa|ed25519)(?:_sk)?|.*\.(?:key|p12|pfx|jks|keystore|kdbx|ppk)|\.netrc|\.pgpass|\.git-credentials|\.vault-token|\.pypirc|credentials(?:\.json)?|kubeconfig|.*service-account.*\.json|.*[._-]secrets?\.(?:ya?ml|json|env)|secrets?\.(?:ya?ml|json|env))$/i;

/** How bad it is to read what lies there, when it holds secrets by its name; undefined when it does not. */
export function secretRisk(names: readonly string[]): Risk | undefined {
  const last = names.at(-1) ?? "";
  const path = names.join("/");
  if (names.some((name) => folders.has(name))) return openFiles.test(last) ? undefined : "high";
  if (/(?:^|\/)(?:\.kube\/config|\.docker\/config\.json)$/.test(path)) return "high";
  if (openFiles.test(last)) return undefined;
  if (keys.test(last)) return "high";
  const environment =
    /^\.env(?:\..+)?$|\.env$/i.test(last) && !/\.(?:example|sample|template|dist|defaults?)$/i.test(last);
  return environment || /\.pem$/i.test(last) || last === ".npmrc" ? "medium" : undefined;
}
