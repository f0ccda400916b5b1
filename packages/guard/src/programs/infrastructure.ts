import type { OptionRule, Program, ProgramTable } from "../program.ts";
import { copiesOver } from "../rules/archive.ts";
import { onlyAsks } from "../rules/cloud.ts";
import { actsUnlessDry, fetchesChart } from "../rules/dry-run.ts";
import { every } from "../rules/every.ts";
import { remoteText, startsAnything, startsElsewhere } from "../rules/launch.ts";
import { asksUnknown, mentions } from "../rules/mention.ts";
import { readsFile, runsProgram, writesFile, writesThere } from "./usual-options.ts";

const live = {
  risk: "high",
  effects: ["live-infrastructure"],
  does: "acts on live infrastructure",
} as const satisfies Program;
/** It talks to live infrastructure and leaves it as it is: what a preview does. */
const asks = {
  risk: "medium",
  effects: ["read", "live-infrastructure"],
  does: "asks live infrastructure what would change",
} as const satisfies Program;
/** It tells what is there; what it tells may hold what nobody meant to show. */
const tells = {
  risk: "medium",
  effects: ["read", "live-infrastructure"],
  does: "asks live infrastructure what is there",
  rule: every(mentions(/(?:^|[,/.])secrets?(?:$|[,/.])/i, "high", ["secret"], "asks for secrets"), asksUnknown),
} as const satisfies Program;
/** The same of what is known to hold secrets, such as the variables of a container. */
const tellsSettings = { ...tells, effects: ["read", "live-infrastructure", "secret"] } as const satisfies Program;
const otherRights: OptionRule = {
  risk: "high",
  effects: ["secret", "unknown"],
  does: "takes other rights, or starts what a file names",
};
/** What it says of itself; what it does about that a rule says. */
const described = { risk: "low", effects: ["read"], does: "reads what is described" } as const satisfies Program;
const destroys: Program = {
  risk: "critical",
  effects: ["live-infrastructure", "data", "delete"],
  does: "destroys live infrastructure, with its data",
};
const grantsRights = mentions(
  /^(?:clusterroles?|clusterrolebindings?|roles?|rolebindings?|serviceaccounts?|sa|token)(?:\/|$)/,
  "critical",
  ["privilege"],
  "gives rights in a cluster",
);
const starts: Program = {
  ...live,
  effects: ["live-infrastructure", "unknown"],
  does: "runs a program on live infrastructure",
};

const manifestValued =
  "-f -k -l -n -o --filename --kustomize --selector --namespace --context --output --field-manager --from-file --from-literal --from-env-file --image --type";
const manifestOptions = `${manifestValued} -R --recursive --server-side --force-conflicts --validate --show-managed-fields`;
/** Only with its value: without one it is no dry run, and "server" runs what the cluster's webhooks do. */
const shownByClient = { options: "--dry-run", value: /^client$/, others: manifestOptions };

const sshValued = "-b -c -D -E -e -F -I -i -J -L -l -m -O -o -p -Q -R -S -W -w -B";
const hostMounts = mentions(
  /^(?:--mount=)?(?:[^=,]+=[^,]*,)*(?:src|source)=\/(?:,.*)?$|^(?:--volume=|-v)?(?:\/|\/etc|\/root|\/home|\/var\/run\/docker\.sock|\/run\/docker\.sock):|^--privileged(?:=true)?$|^--(?:pid|userns|ipc|uts)=host$|^--cap-add=(?:ALL|SYS_ADMIN)$/i,
  "critical",
  ["privilege", "live-infrastructure"],
  "gives a container the whole machine",
);
const containerValued =
  "-a -c -e -h -l -m -p -u -v -w --add-host --attach --cap-add --cap-drop --cpus --device --dns --entrypoint --env --env-file --expose --gpus --hostname --ip --label --log-driver --log-opt --memory --mount --name --net --network --pid --platform --publish --pull --restart --security-opt --shm-size --tmpfs --ulimit --user --userns --volume --volumes-from --workdir --detach-keys";

const destroysCluster = mentions(
  /^(?:delete|reset|destroy)$/,
  "critical",
  ["data", "delete"],
  "destroys a cluster or what is in it",
);

const startsContainer: Program = {
  ...starts,
  strict: true,
  valued: containerValued,
  rule: every(startsElsewhere(1), hostMounts),
};
const deletesVolumes: OptionRule = {
  risk: "critical",
  effects: ["data", "delete"],
  does: "deletes the data of the containers",
};

const imagesTold: Program = {
  ...tells,
  valued: "-f --filter --format",
  allowed: "-a -q -s --all --quiet --no-trunc --digests --size --tree --human",
};
const composeTells: Program = {
  ...tells,
  valued: "-n --tail --since --until --filter --format --status",
  allowed: "-a -f -q -t --all --follow --quiet --services --timestamps --no-color --no-log-prefix --no-trunc --orphans",
};

const compose: Program = {
  ...live,
  valued: "-f --file -p --project-name --profile --env-file --project-directory --ansi --parallel",
  commands: {
    "exec run": { ...starts, strict: true, valued: containerValued, rule: startsElsewhere(1) },
    down: {
      ...live,
      options: {
        "-v --volumes --rmi": deletesVolumes,
      },
    },
    rm: {
      ...live,
      options: { "-v": deletesVolumes },
    },
    "ps ls images top port logs": composeTells,
    "config version": {
      risk: "medium",
      effects: ["read"],
      does: "reads a description of containers",
      options: { "-o --output": writesFile },
    },
  },
};

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

/** Options of clouds that only say what is wanted and how it is printed; others name another account or another address. */
const cloudOptions =
  "-o -f --output --format --query --filter --filters --region --zone --location --project --resource-group -g --limit --page-size --max-items --no-paginate --sort-by --all --recursive --human-readable --summarize --no-cli-pager --app -a --json --quiet -q --name -n --profile --subscription --context";
const cloud = {
  risk: "low",
  effects: ["network", "live-infrastructure"],
  does: "asks or changes a cloud",
  valued:
    "-o -f -g -a -n --output --format --query --filter --filters --region --zone --location --project --resource-group --limit --page-size --max-items --sort-by --app --name --command -C --instance-ids --profile --subscription --context",
  options: {
    "--command -C": { risk: "high", effects: ["unknown"], does: "runs a program in a cloud", value: "shell" },
  },
} as const satisfies Program;
const asksCloud = onlyAsks(cloudOptions, "a cloud");

const clouds = {
  ...cloud,
  rule: every(
    asksCloud,
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

/** What other people use: hosts, clusters, clouds, containers. */
export const infrastructure: ProgramTable = {
  "ssh slogin autossh": {
    ...live,
    effects: ["network", "live-infrastructure"],
    does: "works on another machine",
    strict: true,
    valued: sshValued,
    options: {
      "-o": { risk: "high", effects: ["unknown"], does: "has options that can run programs" },
      "-F": { risk: "high", effects: ["unknown"], does: "takes its options from a file" },
      "-A -X -Y -R -D -L -w": { risk: "high", effects: ["network", "secret"], does: "opens ways between the machines" },
    },
    rule: every(
      remoteText(1),
      mentions(
        /(?:ProxyCommand|LocalCommand|KnownHostsCommand|RemoteCommand)/i,
        "critical",
        ["unknown"],
        "is told to run another program",
      ),
    ),
    examples: {
      "ssh web uptime": "high",
      "ssh web 'rm -rf /'": "critical",
      "ssh -o ProxyCommand='sh -c reboot' x": "critical",
      "ssh -p 22 web sudo frobnicate": "critical",
      "ssh -tt web -- reboot": "critical",
      "ssh web <<'E'\nrm -rf /\nE": "critical",
    },
  },
  "scp sftp sshfs": {
    ...live,
    effects: ["network", "live-infrastructure"],
    does: "copies files over the network",
    valued: sshValued,
    options: {
      "-o -S -F -D -J": { risk: "high", effects: ["unknown"], does: "has options that can run programs" },
    },
    rule: copiesOver,
    examples: { "scp a web:/srv/": "high", "scp web:/etc/passwd ~/.bashrc": "high" },
  },
  "kubectl oc k3s microk8s": {
    ...live,
    valued:
      "-n -c -f -l -o -s --namespace --context --cluster --kubeconfig --user --container --filename --selector --output --server --token --as",
    options: { "--kubeconfig --token --as --as-group --as-uid --server -s --user --password --username": otherRights },
    commands: {
      delete: {
        ...live,
        does: "deletes from a cluster",
        options: {
          "--all --all-namespaces -A": { risk: "critical", effects: ["data", "delete"], does: "deletes all of a kind" },
        },
        rule: mentions(
          /^(?:ns|namespaces?|pv|pvc|persistentvolume\w*|crds?|customresourcedefinition\w*|secrets?|sts|statefulsets?|all|nodes?|clusterrole\w*)(?:\/|$)/i,
          "critical",
          ["data", "delete"],
          "deletes what holds data",
        ),
      },
      "exec run debug": { ...starts, rule: startsElsewhere(1) },
      "get describe logs top explain api-resources api-versions version cluster-info events": {
        ...tells,
        valued:
          "-n -l -o -c --namespace --selector --field-selector --output --sort-by --context --tail --since --since-time --container --limit --chunk-size --request-timeout --for --api-group --subresource --timeout",
        allowed:
          "-A -w -L -f -p --all-namespaces --watch --watch-only --show-labels --show-kind --no-headers --ignore-not-found --label-columns --follow --previous --timestamps --all-containers --prefix --client --short --containers --recursive --namespaced --verbs --show-events --max-log-requests",
      },
      rollout: {
        ...live,
        commands: {
          "status history": {
            ...tells,
            valued: "-n --namespace --timeout --revision --context",
            allowed: "-w --watch",
          },
        },
      },
      wait: {
        ...tells,
        valued: "-n -l --namespace --selector --for --timeout --context",
        allowed: "-A --all --all-namespaces",
      },
      auth: {
        ...live,
        rule: mentions(/^reconcile$/, "critical", ["privilege"], "gives rights in a cluster"),
        commands: { "can-i whoami": { ...tells, valued: "-n --namespace", allowed: "--list -A -q" } },
      },
      config: {
        ...live,
        commands: { "current-context get-contexts get-clusters": { ...tells, valued: "-o --output", allowed: "" } },
      },
      "drain taint": { ...destroys, does: "takes machines away from a cluster" },
      diff: {
        ...asks,
        valued: manifestValued,
        allowed: manifestOptions,
        options: { "--kubeconfig --token --as": { risk: "high", effects: ["secret"], does: "takes other rights" } },
      },
      apply: {
        ...described,
        valued: manifestValued,
        commands: { "edit-last-applied set-last-applied view-last-applied": live },
        rule: actsUnlessDry(shownByClient),
      },
      create: {
        ...described,
        valued: manifestValued,
        rule: every(actsUnlessDry(shownByClient), grantsRights),
      },
      "set patch edit replace label annotate scale autoscale expose cordon uncordon": live,
    },
    examples: {
      "kubectl get pods": "medium",
      'k""ubectl get pods': "medium",
      "kubectl get secret db -o yaml": "high",
      "kubectl get pods,secrets": "high",
      "kubectl get $KIND": "high",
      'kubectl get "$KIND"': "high",
      "kubectl get pods --kubeconfig ./x": "high",
      "kubectl --kubeconfig ./x get pods": "high",
      "kubectl --kubeconfig ./x diff -f y": "high",
      "kubectl get --raw /api/v1/secrets": "high",
      "kubectl rollout status deploy/web": "medium",
      "kubectl rollout restart deploy/web": "high",
      "kubectl create clusterrolebinding x --clusterrole=cluster-admin --user=y": "critical",
      "K=kubectl; $K apply -f x": "high",
      "kubectl delete pod x": "high",
      "kubectl delete namespace prod": "critical",
      "kubectl delete pods --all": "critical",
      "kubectl -n x delete pvc data": "critical",
      "kubectl exec pod -- rm -rf /": "critical",
      "kubectl exec pod -it -- sh": "high",
      "kubectl drain node1": "critical",
      "kubectl cordon node1": "high",
      "kubectl auth reconcile -f rights.yml": "critical",
      "kubectl diff -f deploy/": "medium",
      "kubectl -n shop diff -R -f deploy/ --server-side": "medium",
      "kubectl diff -f x --frob": "high",
      "kubectl diff -f x $MORE": "high",
      "KUBECTL_EXTERNAL_DIFF=./x kubectl diff -f y": "high",
      "kubectl apply -f x --dry-run=client -o yaml": "medium",
      "kubectl apply -f x --dry-run=client --dry-run=none": "high",
      "kubectl apply -f x --dry-run": "high",
      "kubectl apply -f x --dry-run=server": "high",
      "kubectl apply -f x --dry-run=client $MORE": "high",
      "kubectl apply edit-last-applied x --dry-run=client": "high",
      "kubectl create configmap x --from-file=a --dry-run=client -o yaml": "medium",
      "kubectl create -f x --edit --dry-run=client": "high",
      "kubectl apply -f x": "high",
    },
  },
  helm: {
    ...live,
    options: { "--kubeconfig --kube-token --kube-as-user --kube-as-group --kube-apiserver": otherRights },
    valued: "-n --namespace --kube-context --kubeconfig --kube-token --kube-as-user --kube-as-group --kube-apiserver",
    commands: {
      "list ls status history version": {
        ...tells,
        valued: "-n -o -f -m --namespace --output --filter --max --revision --kube-context --selector -l --time-format",
        allowed:
          "-a -A -q -d -r --all --all-namespaces --short --failed --deployed --pending --superseded --uninstalled --uninstalling --date --reverse --show-resources --show-desc",
      },
      get: { ...tellsSettings, valued: "-n -o --namespace --output --revision --kube-context", allowed: "-a --all" },
      template: {
        risk: "low",
        effects: ["read"],
        does: "renders a chart",
        valued:
          "-f -n -s -g --values --set --set-string --set-file --set-json --namespace --show-only --name-template --version --repo --kube-version --api-versions --output-dir",
        allowed:
          "--include-crds --skip-crds --skip-tests --no-hooks --generate-name --is-upgrade --release-name --debug --devel",
        options: {
          "-f --values --set-file": readsFile,
          "--output-dir": writesThere,
          "--post-renderer": runsProgram,
          "--repo": { risk: "medium", effects: ["network"], does: "fetches a chart" },
        },
        rule: fetchesChart,
      },
    },
    rule: destroysCluster,
    examples: {
      "helm upgrade shop ./chart": "high",
      "helm uninstall shop": "high",
      "helm delete shop": "critical",
      "helm list -A": "medium",
      "helm get values shop": "medium",
      "helm list --kubeconfig ./x": "high",
      "helm --kubeconfig ./x list": "high",
      "helm template shop ./chart -f values.yaml --set image.tag=2": "low",
      "helm template shop example/shop": "medium",
      "helm template shop ./chart -f https://x.example/values.yaml": "medium",
      "helm template ./chart --output-dir /etc/x": "high",
      "helm template ./chart --post-renderer ./x": "high",
      "helm template ./chart --validate": "high",
      "helm template ./chart $MORE": "high",
      "helm template ./chart -f ~/.ssh/id_rsa": "high",
    },
  },
  "flux argocd kustomize istioctl linkerd k9s stern kind minikube k3d eksctl kops kubeadm kubectx kubens skaffold tilt":
    {
      ...live,
      rule: destroysCluster,
      examples: {
        "kustomize build": "high",
        "eksctl delete cluster x": "critical",
      },
    },
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
  "restic borg borgmatic kopia duplicity velero etcdctl influx": {
    ...live,
    effects: ["data"],
    does: "works with data that is kept for others",
    rule: every(
      startsAnything,
      mentions(
        /^(?:forget|prune|delete|del|purge|remove|compact|snapshot-delete|key|user|role|defrag|restore)$/,
        "critical",
        ["data", "delete"],
        "deletes or overwrites data",
      ),
    ),
    examples: {
      "restic snapshots": "high",
      "restic forget --keep-last 1 --prune": "critical",
      "borg delete repo::old": "critical",
      "etcdctl del '' --prefix": "critical",
    },
  },
  "aws gcloud gsutil bq az oci doctl hcloud linode-cli scw ibmcloud aliyun fly flyctl heroku vercel netlify wrangler firebase railway render supabase sam serverless sls eb amplify s3cmd mc b2":
    {
      ...clouds,
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
    ...clouds,
    rule: every(
      clouds.rule,
      mentions(/^sync$/, "critical", ["data", "delete"], "deletes at its target what its source does not have"),
    ),
    examples: { "rclone ls x:": "medium", "rclone copy a x:": "high", "rclone sync a x:": "critical" },
  },
  "docker podman nerdctl": {
    ...live,
    valued: "-H -c -l --host --context --config --log-level --tlscacert --tlscert --tlskey",
    options: { "--config": otherRights },
    commands: {
      "ps images logs stats top port version info diff history": {
        ...tells,
        valued: "-f -n --filter --format --tail --since --until --last",
        allowed:
          "-a -q -s -t -l --all --quiet --size --latest --no-trunc --digests --follow --timestamps --details --no-stream --human",
      },
      inspect: { ...tellsSettings, valued: "-f --format --type", allowed: "-s --size" },
      "exec run create": startsContainer,
      image: { ...live, commands: { "ls list history": imagesTold } },
      network: { ...live, commands: { "ls list": imagesTold } },
      container: {
        ...live,
        commands: {
          "ls list ps": imagesTold,
          "exec run create": startsContainer,
        },
      },
      "volume system": {
        ...live,
        rule: mentions(/^(?:rm|remove|prune|reset)$/, "critical", ["data", "delete"], "deletes data of containers"),
      },
      rm: {
        ...live,
        options: {
          "-v --volumes": deletesVolumes,
        },
      },
      compose,
    },
    examples: {
      "docker ps": "medium",
      "docker logs --tail 50 web": "medium",
      "docker inspect web": "medium",
      "docker --config ./x ps": "high",
      "docker compose ps": "medium",
      "docker compose up -d": "high",
      "docker compose -f compose.yaml config -q": "medium",
      "docker compose down -v": "critical",
      "docker exec web rm -rf /": "critical",
      "docker exec -it -u root web sh -c 'ls'": "high",
      "docker run -v /:/host alpine": "critical",
      "docker run --mount type=bind,src=/,dst=/h alpine": "critical",
      "docker run --privileged alpine": "critical",
      "docker volume rm data": "critical",
      "docker system prune -af --volumes": "critical",
    },
  },
  "docker-compose podman-compose": {
    ...compose,
    examples: {
      "docker-compose up -d": "high",
      "docker-compose down --volumes": "critical",
      "docker-compose config -q": "medium",
    },
  },
  "buildah skopeo crane ctr crictl lxc lxd incus virsh qm pct virt-install VBoxManage multipass limactl": {
    ...live,
    commands: { "list ps": imagesTold },
    rule: every(
      startsAnything,
      mentions(
        /^(?:destroy|delete|undefine|rm|purge)$/,
        "critical",
        ["data", "delete"],
        "destroys a machine or an image",
      ),
    ),
    examples: {
      "lxc list": "medium",
      "virsh list --all": "medium",
      "virsh -c qemu+ssh://x.example/system list": "high",
      "ctr images pull x": "high",
      "virsh destroy x": "critical",
    },
  },
};
