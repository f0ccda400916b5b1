import type { Program, ProgramTable } from "../program.ts";
import { onlyAsks } from "../rules/cloud.ts";
import { every } from "../rules/every.ts";
import { mentions } from "../rules/mention.ts";
import { live } from "./live.ts";

/** Options of clouds that only say what is wanted and how it is printed; others name another account or another address. */
const cloudOptions =
  "-o -f --output --format --query --filter --filters --region --zone --location --project --resource-group -g --limit --page-size --max-items --no-paginate --sort-by --all --recursive --human-readable --summarize --no-cli-pager --app -a --json --quiet -q --name -n --profile --subscription --context";

const cloudProgram = {
  risk: "low",
  effects: ["network", "live-infrastructure"],
  does: "asks or changes a cloud",
  valued:
    "-o -f -g -a -n --output --format --query --filter --filters --region --zone --location --project --resource-group --limit --page-size --max-items --sort-by --app --name --command -C --instance-ids --profile --subscription --context",
  options: {
    "--command -C": { risk: "high", effects: ["unknown"], does: "runs a program in a cloud", value: "shell" },
  },
  rule: every(
    onlyAsks(cloudOptions, "a cloud"),
    mentions(
      /^--(?:delete|prune|purge|remove|force-destroy|skip-final-snapshot)/,
      "critical",
      ["data", "delete"],
      "destroys something in a cloud",
    ),
    mentions(
      /^(?:delete|destroy|terminate|remove|purge|rm|rb|del|deletefile|rmdirs?|bisync|release|deregister|disable|drop|nuke|undeploy)(?:-|$)|:(?:destroy|delete|reset)$/,
      "critical",
      ["data", "delete"],
      "destroys something in a cloud",
    ),
    mentions(
      /^(?:iam|iam-\w+|\w[\w-]*-iam-[\w-]+|route53\w*|dns|kms|organizations|ad|role|keyvault|secretsmanager|secrets?)$/,
      "critical",
      ["privilege", "secret"],
      "changes users, keys or names",
    ),
    mentions(
      /(?:^|-)(?:firewall|firewall-rules?|security-groups?|network-acl)(?:-|$)/,
      "critical",
      ["network", "privilege"],
      "changes a firewall",
    ),
  ),
} as const satisfies Program;

/** Clouds, and what they keep for others. */
export const clouds: ProgramTable = {
  "aws gcloud gsutil bq az oci doctl hcloud linode-cli scw ibmcloud aliyun fly flyctl heroku vercel netlify wrangler firebase railway render supabase sam serverless sls eb amplify s3cmd mc b2":
    {
      ...cloudProgram,
      examples: {
        "aws s3 ls": "medium",
        "aws ec2 describe-instances --region eu-central-1": "medium",
        "gcloud compute instances list --format=json": "medium",
        "az vm list -o table": "medium",
        "fly status": "medium",
        "aws ec2 describe-instances --endpoint-url http://x.example": "high",
        "aws s3 ls --profile other": "medium",
        "hcloud server create list": "high",
        "aws lambda list-functions": "high",
        "az storage account keys list": "high",
        "gcloud auth list": "high",
        'aws ec2 "$VERB"': "high",
        "aws s3 sync empty s3://x --delete": "critical",
        "gcloud projects add-iam-policy-binding p --member=user:m --role=roles/owner": "critical",
        "gcloud compute ssh vm --command 'rm -rf /'": "critical",
        "aws s3 rm s3://x --recursive": "critical",
        "aws ec2 terminate-instances --instance-ids i-1": "critical",
        "gcloud dns record-sets list": "critical",
        "aws iam create-user": "critical",
        "fly deploy": "high",
        "aws ec2 authorize-security-group-ingress --group-id x --cidr 0.0.0.0/0": "critical",
        "hcloud firewall delete x": "critical",
      },
    },
  rclone: {
    ...cloudProgram,
    rule: every(
      cloudProgram.rule,
      mentions(/^sync$/, "critical", ["data", "delete"], "deletes at its target what its source does not have"),
    ),
    examples: { "rclone ls x:": "medium", "rclone copy a x:": "high", "rclone sync a x:": "critical" },
  },
  "vault bao": {
    ...live,
    effects: ["live-infrastructure", "secret"],
    does: "works with secrets that others use",
    rule: mentions(
      /^(?:policy|auth|token|operator|delete|destroy|metadata|lease|revoke|enable|disable|auth\/.*|sys\/.*)$/,
      "critical",
      ["privilege", "secret"],
      "changes secrets or who may read them",
    ),
    examples: {
      "vault kv get x": "high",
      "vault policy write root root.hcl": "critical",
      "vault kv delete secret/db": "critical",
    },
  },
};
