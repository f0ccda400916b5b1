import { higherRisk, type Risk } from "@memomesh/core";
import { mayFind } from "../glob.ts";

const folders = new Set(
  ".ssh .gnupg .aws .password-store .vault .azure .step .oci .kaggle Keychains 1Password .1password Bitwarden".split(
    " ",
  ),
);
/** Where programs keep how they log in, and what people typed. */
const logins =
  /(?:^|\/)(?:\.kube\/config|\.docker\/config\.json|gh\/hosts\.yml|glab-cli\/config\.yml|\.config\/(?:hub|gcloud\/.*)|\.local\/share\/keyrings\/.*|\.terraform\.d\/credentials\.tfrc\.json|\.terraformrc|rclone\.conf|\.claude\.json|\.claude\/\.credentials\.json|\.codex\/auth\.json|\.gemini\/[\w-]*(?:creds|accounts)\.json|\.config\/op\/config|doctl\/config\.yaml|hcloud\/cli\.toml|\.fly\/config\.yml|\.m2\/settings\.xml|\.cargo\/credentials(?:\.toml)?|\.gem\/credentials|\.my\.cnf|\.s3cfg|\.boto|\.\w+_history|\.(?:mozilla|thunderbird)\/.*|(?:google-chrome|chromium|BraveSoftware)\/.*|secrets\/(?:master\.key|hudson\.util\.Secret)|kubernetes\/(?:admin|super-admin|controller-manager|scheduler|kubelet)\.conf|k3s\/k3s\.yaml|pki\/private\/.*)$/;
const openFiles = /^(?:known_hosts|config|allowed_signers|authorized_keys)$|\.pub$/;
const keys =
  /^(?:id_(?:rsa|dsa|ecdsa|ed25519)(?:_sk)?|.*\.(?:key|p12|pfx|jks|keystore|kdbx|ppk)|\.netrc|\.pgpass|\.git-credentials|\.vault-token|\.pypirc|(?:.*[_-])?credentials(?:\.json)?|kubeconfig|.*\.tfstate(?:\.backup)?|.*service-account.*\.json|.*[._-]secrets?\.(?:ya?ml|json|env)|secrets?\.(?:ya?ml|json|env))$/i;

/** Names with a dot that hold secrets, to see whether a pattern may find one. */
export const hiddenSecrets: readonly string[] = [
  ...[".env", ".env.local", ".env.production", ".npmrc", ".netrc", ".pypirc", ".pgpass", ".git-credentials"],
  ...[".ssh", ".aws", ".gnupg"],
];
/** Further paths of which the end may be meant by a pattern. */
const found: readonly (readonly string[])[] = [
  ...hiddenSecrets.map((name) => [name]),
  ...[["id_rsa"], ["id_ed25519"], ["credentials"], ["kubeconfig"]],
  ...[
    [".ssh", "id_rsa"],
    [".aws", "credentials"],
    [".kube", "config"],
    [".docker", "config.json"],
  ],
];
/** How bad it is to read what lies there, when it holds secrets by its name; undefined when it does not. */
export function secretRisk(names: readonly string[]): Risk | undefined {
  const last = names.at(-1) ?? "";
  const path = names.join("/");
  if (names.some((name) => folders.has(name))) return openFiles.test(last) ? undefined : "high";
  if (logins.test(path)) return "high";
  if (openFiles.test(last)) return undefined;
  if (keys.test(last)) return "high";
  const environment =
    /^\.env(?:\..+)?$|\.env$/i.test(last) && !/\.(?:example|sample|template|dist|defaults?)$/i.test(last);
  return environment || /\.pem$/i.test(last) || last === ".npmrc" ? "medium" : undefined;
}

/** The same for a path with patterns in it, which may stand for such a file. */
export function patternRisk(names: readonly string[]): Risk | undefined {
  const risks = found.filter((path) => mayEndLike(names, path)).flatMap((path) => secretRisk(path) ?? []);
  return risks.length === 0 ? undefined : risks.reduce(higherRisk);
}

/** Whether a path with patterns in it may end like this one. Patterns of a few letters find too much to mean one file. */
export function mayEndLike(names: readonly string[], path: readonly string[]): boolean {
  const ends = names.slice(-path.length);
  const means = ends.some((name) => name.startsWith(".") || name.replace(/\[[^\]]*\]|[*?]/g, "").length > 2);
  return (
    means &&
    ends.some((name) => /[*?[]/.test(name)) &&
    path.every((name, index) => mayFind(ends[index] ?? "", name.toLowerCase()))
  );
}
