import type { Program, ProgramTable } from "../program.ts";
import { actsUnlessDry } from "../rules/dry-run.ts";
import { every } from "../rules/every.ts";
import { startsAnything } from "../rules/launch.ts";
import { mentions } from "../rules/mention.ts";
import { asks, described, destroys, live } from "./live.ts";
import { readsFile, writesFile } from "./usual-options.ts";

/** Programs that make infrastructure what files describe. */
const describing = {
  ...live,
  dashWords: true,
  commands: {
    "fmt validate version": {
      risk: "medium",
      effects: ["read", "write"],
      does: "reads descriptions of infrastructure",
    },
    "destroy force-unlock taint": destroys,
    "apply up deploy": {
      ...live,
      dashWords: true,
      options: {
        "-destroy --destroy -auto-approve --auto-approve": {
          risk: "critical",
          effects: ["live-infrastructure", "delete"],
          does: "changes infrastructure without asking",
        },
      },
    },
    state: {
      ...live,
      rule: mentions(
        /^(?:rm|push|replace-provider)$/,
        "critical",
        ["data", "delete"],
        "changes what is known of the infrastructure",
      ),
    },
  },
} satisfies Program;

/** Programs that make infrastructure what files describe, or that work on many machines. */
export const provisioning: ProgramTable = {
  "terraform tofu": {
    ...describing,
    commands: {
      ...describing.commands,
      plan: {
        ...asks,
        does: "asks what would change, through the providers and programs that its configuration names",
        dashWords: true,
        valued: "-var -var-file -target -replace -parallelism -lock-timeout -out -state",
        allowed: "-no-color -input -destroy -refresh -refresh-only -detailed-exitcode -compact-warnings -lock -json",
        options: {
          "-out": writesFile,
          "-generate-config-out": { risk: "high", effects: ["write"], does: "writes descriptions" },
          "-var-file -state": readsFile,
        },
      },
    },
    examples: {
      "terraform plan": "medium",
      "terraform -chdir=prod plan -no-color -var-file=prod.tfvars": "medium",
      "terraform plan -out=next.plan": "medium",
      "terraform plan -out=/etc/x": "high",
      "terraform plan -generate-config-out=x.tf": "high",
      "terraform plan $MORE": "high",
      "terraform apply": "high",
      "terraform apply -auto-approve": "critical",
      "terraform destroy": "critical",
      "terraform -chdir=prod destroy": "critical",
      "terraform validate": "medium",
      "terraform state rm x": "critical",
    },
  },
  "terragrunt pulumi cdk cdktf": {
    ...describing,
    examples: { "terragrunt plan": "high", "pulumi destroy": "critical", "cdk deploy": "high" },
  },
  "ansible-playbook": {
    ...described,
    valued:
      "-i -l -t -e -f -u -T --inventory --limit --tags --skip-tags --extra-vars --forks --user --timeout --start-at-task",
    rule: every(
      startsAnything,
      actsUnlessDry({
        options: "-C --check --syntax-check --list-hosts --list-tasks --list-tags",
        others:
          "-D -v -b -i -l -t -e -f -u -T --diff --verbose --become --inventory --limit --tags --skip-tags --extra-vars --forks --user --timeout --start-at-task --flush-cache",
      }),
      mentions(/ansible_|^@/, "high", ["unknown"], "takes variables that say what is run, or that were not read here"),
    ),
    examples: {
      "ansible-playbook site.yml": "high",
      "ansible-playbook site.yml --check --diff -l web": "medium",
      "ansible-playbook -CD -i hosts.ini -e version=2 site.yml": "medium",
      "ansible-playbook --check -M ./modules site.yml": "high",
      "ansible-playbook --check -e ansible_connection=local site.yml": "high",
      "ansible-playbook --check -e @vars.yml site.yml": "high",
      "ansible-playbook --check --ssh-common-args='-o ProxyCommand=./x' site.yml": "high",
      "ansible-playbook --check $MORE site.yml": "high",
    },
  },
  "ansible ansible-pull ansible-console ansible-galaxy ansible-vault salt salt-ssh salt-call puppet chef-client knife cap capistrano bolt packer vagrant nomad consul":
    {
      ...live,
      rule: startsAnything,
      examples: {
        "ansible all -m shell -a 'rm -rf /'": "critical",
      },
    },
};
