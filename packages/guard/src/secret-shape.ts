import type { Place } from "./classification.ts";

/** One kind of secret. What the pattern's group finds is no part of it. */
type Shape = readonly [pattern: RegExp, rule: string, more?: Conditions];

interface Conditions {
  /** What every match holds: text without it, which is nearly all text, is spared a pattern that takes long. */
  readonly sign?: RegExp;
  /** What a match has to be like besides. */
  readonly only?: (found: string) => boolean;
}

/** Stands where a secret stood. */
export const gone = "‹secret›";
/** With no letter, digit or dash before it: `task-…` is no `sk-…`. */
const token = ({ source }: RegExp): RegExp => new RegExp(`(?<![A-Za-z0-9_-])${source}`, "g");

/** Names that say that their value is secret. */
const secretName =
  "(?:PASSWORD|PASSWD|PASSPHRASE|PASSWORT|KENNWORT|PWD|(?<=[_-])PASS|SECRET|TOKEN|(?:API|ACCESS|ACCOUNT|PRIVATE|SECRET|ENCRYPTION|SIGNING|AUTH)[_-]?KEY|SECRET_KEY_BASE|CREDENTIALS?)";
const named = { sign: new RegExp(secretName, "i") };
/** What stands for a secret without being one: `$NAME`, `<token>`, `***`, a place in a vault, what was taken out already. */
const standIn = String.raw`(?![$<‹{*]|op://|vault:|ref\+[a-z]+://|arn:aws:(?:secretsmanager|ssm):|ENC\[|/run/secrets/|projects/[^/\s]+/secrets/|%[A-Za-z(]|null\b|none\b|true\b|false\b|undefined\b|process\.env|os\.environ)`;

const mostRounds = 8;

/**
 * Whether capital and small letters and digits follow each other as they do where chance has chosen them. A capital that
 * begins a word counts as a small letter, so that words written together are no secret; digests have no capitals.
 */
function looksRandom(text: string): boolean {
  const rest = text.replace(/^[a-z][a-z0-9]*[_-]/, "");
  const kinds = rest
    .replace(/[A-Z](?=[a-z])/g, "a")
    .replace(/[A-Z]/g, "A")
    .replace(/[a-z]/g, "a")
    .replace(/\d/g, "0");
  const changes = [...kinds].filter((kind, index) => index > 0 && kind !== kinds[index - 1]).length;
  return /[A-Z]/.test(rest) && /[a-z]/.test(rest) && /\d/.test(rest) && changes > rest.length * 0.3;
}

const shapes: readonly Shape[] = [
  // Key blocks, also when their end was cut off. None looks further than to the next one.
  [
    /-----BEGIN (?:[A-Z0-9]+ ){0,3}PRIVATE KEY(?: BLOCK)?-----(?:(?!-----BEGIN )[\s\S]){0,20000}?(?:-----END (?:[A-Z0-9]+ ){0,3}PRIVATE KEY(?: BLOCK)?-----|(?=-----BEGIN )|$)/g,
    "private-key",
  ],
  [token(/AGE-SECRET-KEY-1[A-Z0-9]{50,}/), "age-key"],
  [/(^Private-Lines: \d+\r?\n)[A-Za-z0-9+/=\r\n]{40,}/gm, "private-key"],
  // The same in base64, as kubeconfigs have it; a certificate begins in another way.
  [/LS0tLS1CRUdJTiB(?:SU0Eg|QUklW|FQyBQ|PUEVO|FTkNS|EU0Eg|QR1AgUFJJ)[A-Za-z0-9+/=]{40,}/g, "private-key"],
  // Clouds and code hosts.
  [token(/(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}(?![A-Z0-9])/), "aws-key-id"],
  [token(/gh[pousr]_[A-Za-z0-9]{20,255}/), "github-token"],
  [token(/github_pat_[A-Za-z0-9_]{20,255}/), "github-token"],
  [token(/gl(?:pat|ptt|dt|rt|cbt|ft|soat|agent)-[A-Za-z0-9_.-]{20,}/), "gitlab-token"],
  [token(/AIza[A-Za-z0-9_-]{35}/), "google-key"],
  [token(/ya29\.[A-Za-z0-9_-]{20,}/), "google-token"],
  [token(/GOCSPX-[A-Za-z0-9_-]{20,}/), "google-client-secret"],
  [token(/(?:dop|doo|dor)_v1_[a-f0-9]{40,}/), "digitalocean-token"],
  [token(/hv[sbr]\.[A-Za-z0-9_-]{20,}/), "vault-token"],
  [token(/npm_[A-Za-z0-9]{36}/), "npm-token"],
  [token(/pypi-AgE[A-Za-z0-9_-]{40,}/), "pypi-token"],
  [token(/dckr_pat_[A-Za-z0-9_-]{20,}/), "docker-token"],
  [token(/(?:sntrys|sntryu)_[A-Za-z0-9+/=_-]{40,}/), "sentry-token"],
  [token(/NRAK-[A-Z0-9]{27}/), "new-relic-key"],
  [token(/dp\.(?:pt|st|ct|sa|scim|audit)\.[A-Za-z0-9_.-]{40,}/), "doppler-token"],
  [token(/[A-Za-z0-9]{14}\.atlasv1\.[A-Za-z0-9_=-]{60,}/), "terraform-token", { sign: /\.atlasv1\./ }],
  [token(/sbp_[a-f0-9]{40}/), "supabase-token"],
  [token(/pscale_(?:tkn|pw|oauth)_[A-Za-z0-9_.-]{30,}/), "planetscale-token"],
  [token(/fm[12][a-z]?_[A-Za-z0-9+/=_,-]{60,}/), "fly-token"],
  [/([?&]sig=)[A-Za-z0-9%+/=]{40,}/g, "azure-signature"],
  [token(/1\/\/0[A-Za-z0-9_-]{40,}/), "google-refresh-token"],
  [token(/AT(?:ATT|CTT|BB)3[A-Za-z0-9_=-]{50,}/), "atlassian-token"],
  [token(/rubygems_[a-f0-9]{48}/), "rubygems-key"],
  [token(/PMAK-[a-f0-9]{24}-[a-f0-9]{34}/), "postman-key"],
  [token(/pat[A-Za-z0-9]{14}\.[a-f0-9]{64}/), "airtable-token"],
  [token(/sl\.[A-Za-z0-9_-]{100,}/), "dropbox-token"],
  [token(/ABSK[A-Za-z0-9+/]{100,}={0,2}/), "bedrock-key"],
  // Models.
  [token(/sk-ant-[A-Za-z0-9_-]{16,}/), "anthropic-key"],
  [token(/sk-(?=[A-Za-z0-9_-]{0,200}\d)[A-Za-z0-9_-]{20,}/), "openai-key"],
  [token(/hf_[A-Za-z0-9]{30,}/), "hugging-face-token"],
  [token(/r8_[A-Za-z0-9]{37,}/), "replicate-token"],
  [token(/pplx-[A-Za-z0-9]{40,}/), "perplexity-key"],
  [token(/xai-[A-Za-z0-9]{60,}/), "xai-key"],
  // Chat, mail, money.
  [token(/EAAA[A-Za-z0-9_-]{56,}/), "square-token", { only: looksRandom }],
  [token(/xox[abeoprs]-[A-Za-z0-9-]{10,}/), "slack-token"],
  [token(/xapp-\d-[A-Za-z0-9-]{20,}/), "slack-token"],
  [/(https:\/\/hooks\.slack\.com\/(?:services|workflows)\/)[A-Za-z0-9/_-]{20,}/g, "slack-hook"],
  [/(https:\/\/(?:canary\.|ptb\.)?discord(?:app)?\.com\/api\/webhooks\/\d+\/)[\w-]{20,}/g, "discord-hook"],
  [token(/\d{8,10}:AA[A-Za-z0-9_-]{33}/), "telegram-token"],
  [token(/SG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}/), "sendgrid-key"],
  [token(/(?:sk|rk)_(?:live|test)_[A-Za-z0-9]{16,}/), "stripe-key"],
  [token(/whsec_[A-Za-z0-9+/=]{20,}/), "webhook-secret"],
  [token(/key-[a-f0-9]{32}(?![A-Za-z0-9])/), "mailgun-key"],
  [token(/SK[a-f0-9]{32}(?![A-Za-z0-9])/), "twilio-key"],
  [token(/sq0(?:atp|csp)-[A-Za-z0-9_-]{22,}/), "square-token"],
  [token(/shp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}/), "shopify-token"],
  [token(/eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}/), "json-web-token"],
  // What nobody has a name for yet: a short word, a line, and what chance has chosen. Digests say which ones they are.
  [token(/(?!sha\d)[a-z][a-z0-9]{1,15}[_-][A-Za-z0-9]{32,}(?![A-Za-z0-9+/=])/), "unknown-token", { only: looksRandom }],
  // Passwords as systems keep them: what is short is soon found out.
  [/\$2[aby]?\$\d{2}\$[./A-Za-z0-9]{53}/g, "password-hash"],
  [/\$(?:apr1|1|5|6)\$(?:rounds=\d+\$)?[^\s$:]{1,16}\$[./A-Za-z0-9]{22,86}/g, "password-hash"],
  [/\$(?:y|gy|7)\$[./A-Za-z0-9]+\$[./A-Za-z0-9]+\$[./A-Za-z0-9]{30,}/g, "password-hash"],
  [/\$argon2(?:id|i|d)\$v=\d+\$[^\s:"']{20,}/g, "password-hash"],
  // Places where a secret stands by rule.
  [/(\bmachine\s+\S{1,200}\s+(?:login\s+\S{1,200}\s+)?password\s+)(?![$<‹{*])\S{4,}/g, "password-of-machine"],
  [
    /(^[^\s:#]{1,200}:(?:\d{4,5}|\*):[^\s:]{1,100}:[^\s:]{1,100}:)(?=\S*\d)(?![$<‹{*])[^\s:]{8,}$/gm,
    "password-of-database",
  ],
  [/(\b(?:mysql|mariadb)[\w-]{0,12}\b[^\n|;&]{0,300}?\s-p["']?)(?![$<‹{*\s-])[^\s"']{4,}/g, "password-of-database"],
  [/(\bConvertTo-SecureString\s+(?:-String\s+)?["'])(?!\$)[^"'\n]{4,}(?=["'])/gi, "named-value"],
  [/(\bAPP_KEY=base64:)[A-Za-z0-9+/=]{40,}/g, "named-value"],
  [
    /(\b(?:password|passphrase|passwort)\s+(?:is|ist|was):?\s+["'`]?)(?=[^\s"'`]*\d)(?=[^\s"'`]*[a-z])(?!base64|sha\d|md5|utf|bcrypt|argon)[^\s"'`]{8,}/gi,
    "named-value",
  ],
  [
    new RegExp(
      String.raw`(\bname:[ \t]*["']?[A-Za-z0-9_]{0,60}${secretName}["']?[ \t]*\r?\n[ \t]*value:[ \t]*["']?)${standIn}[^\s"']{4,}`,
      "gi",
    ),
    "named-value",
    named,
  ],
  [/("auth"\s{0,4}:\s{0,4}")[A-Za-z0-9+/]{16,}={0,2}(?=")/g, "registry-login"],
  [/\b(Bearer\s+)(?=[A-Za-z0-9._~+/=-]{0,500}\d|[A-Za-z0-9._~+/=-]{24})[A-Za-z0-9._~+/=-]{12,}/gi, "bearer-token"],
  [/\b(Authorization:\s*(?:Basic|Digest|Token|ApiKey)\s+)[A-Za-z0-9._~+/=-]{8,}/gi, "authorization"],
  [
    /\b([a-z][a-z0-9+.-]{1,30}:\/\/[^\s:/?#@"'<>‹]{0,200}:)(?![$<‹{*]|[^\s@/]{0,4}\})[^\s/?#"'<>]{1,500}(?=@)/gi,
    "password-in-address",
    { sign: /:\/\// },
  ],
  [
    /(\b(?:curl|wget)\b[^\n|;&]{0,500}?\s(?:-u|--user|--proxy-user)[ =]?["']?[^\s:"'$]{1,100}:)(?!\$)[^\s"']+/g,
    "password-of-request",
  ],
  [
    /(\b(?:docker|podman|nerdctl|skopeo|oras|crane|helm)\b[^\n|;&]{0,200}?\blogin\b[^\n|;&]{0,300}?\s-p[ =]?["']?)(?![$<‹{*\s-])[^\s"']{4,}/g,
    "password-of-registry",
  ],
  [/(\bredis-cli\b[^\n|;&]{0,300}?\s-a\s+["']?)(?![$<‹{*])[^\s"']{4,}/g, "password-of-database"],
  // SQL that makes or changes who may log in; `'$NAME'` and psql's `:'name'` are filled in later.
  [
    /(\b(?:create|alter)\s+(?:user|role)\b[^\n;]{0,300}?\b(?:password|identified\s+(?:with\s+\S{1,60}\s+)?by)\s+')(?![$<‹{*%:])[^'\n]{4,}(?=')/gi,
    "password-of-database",
  ],
  [/(\bsshpass\s+-p\s*["']?)(?!\$)[^\s"']+/g, "password-of-ssh"],
  // NAME=value, name: "value", --name value.
  [
    new RegExp(
      String.raw`((?:^|[^A-Za-z0-9])(?:[A-Za-z0-9]+[_.-]){0,8}[A-Za-z0-9]*${secretName} {1,4}= {1,4})(?=[^\s]*\d)[A-Za-z0-9/+_=-]{16,}(?=\s*$)`,
      "gim",
    ),
    "named-value",
    named,
  ],
  [
    new RegExp(
      String.raw`((?:^|[^A-Za-z0-9])(?:[A-Za-z0-9]+[_.-]){0,8}[A-Za-z0-9]*${secretName}["']?\s{0,4}=\s{0,4}["'])${standIn}[^"'\n]{4,}(?=["'])`,
      "gim",
    ),
    "named-value",
    named,
  ],
  [
    new RegExp(
      String.raw`((?:^|[^A-Za-z0-9])(?:[A-Za-z0-9]+[_.-]){0,8}[A-Za-z0-9]*${secretName}=)${standIn}[^\s"'&;,)]{4,}`,
      "gim",
    ),
    "named-value",
    named,
  ],
  [
    new RegExp(
      String.raw`(["'](?:[A-Za-z0-9]+[_.-]){0,8}[A-Za-z0-9]*${secretName}["']\s{0,4}:\s{0,4}["'])${standIn}[^"'\n]{4,}(?=["'])`,
      "gim",
    ),
    "named-value",
    named,
  ],
  [
    new RegExp(
      String.raw`(^[ \t]*(?:- )?(?:[A-Za-z0-9]+[_.-]){0,8}[A-Za-z0-9]*${secretName}:[ \t]+["']?)${standIn}(?=[^\s"']*[\d!#%^&*+=~|])[^\s"']{6,}(?=["']?\s*(?:#.*)?$)`,
      "gim",
    ),
    "named-value",
    named,
  ],
  [
    new RegExp(
      String.raw`(\s--?(?:[a-z0-9]+-){0,4}(?:password|passwd|passphrase|secret|token|api-?key|access-key|secret-key)[ =]["']?)${standIn}(?!-)[^\s"']{4,}`,
      "gi",
    ),
    "named-value",
    named,
  ],
];

/** What tells in one look that none of many patterns finds anything: for those with the same flags, all of them in one. */
const unions = new Map(
  [...Map.groupBy(shapes, ([{ flags }]) => flags)].map(([flags, alike]) => {
    const sources = alike.flatMap(([{ source }, , { sign } = {}]) => (sign === undefined ? `(?:${source})` : []));
    return [flags, new RegExp(sources.join("|"), flags.replace("g", ""))];
  }),
);
const signOf = ([{ flags }, , { sign } = {}]: Shape) => sign ?? unions.get(flags);
const signs = new Set(shapes.map(signOf));

/** Takes out what looks like a secret of a known kind. Digests, ids and revisions are none. */
export function redactShapes(text: string): string {
  // What was taken out may have hidden where the next secret begins; a few rounds are enough for any real text.
  let redacted = text;
  for (let round = 0; round < mostRounds; round += 1) {
    const before = redacted;
    for (const [pattern, , { only } = {}] of shapesFor(before)) {
      redacted = redacted.replace(pattern, (found: string, kept: unknown) => {
        if (only !== undefined && !only(found)) return found;
        return typeof kept === "string" ? kept + gone : gone;
      });
    }
    if (redacted === before) break;
  }
  return redacted;
}

/** Where what looks like a secret of a known kind stands. */
export function secretShapes(text: string): readonly SecretShape[] {
  return shapesFor(text).flatMap(([pattern, rule, { only = () => true } = {}]) => {
    // Most find nothing, and `matchAll` copies its pattern before it looks.
    if (text.search(pattern) === -1) return [];
    return [...text.matchAll(pattern)]
      .filter(([found]) => only(found))
      .map(({ 0: found, 1: kept = "", index }) => {
        return { rule, start: index + kept.length, end: index + found.length };
      });
  });
}

function shapesFor(text: string): readonly Shape[] {
  const shown = new Set([...signs].filter((sign) => sign?.test(text)));
  return shapes.filter((shape) => shown.has(signOf(shape)));
}

export interface SecretShape extends Place {
  readonly rule: string;
}
