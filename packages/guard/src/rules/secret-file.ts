import type { Risk } from "@memomesh/core";

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
