import type { Program, ProgramTable } from "../program.ts";
import { copiesOver } from "../rules/archive.ts";
import { every } from "../rules/every.ts";
import { remoteText, startsAnything, startsElsewhere } from "../rules/launch.ts";
import { mentions } from "../rules/mention.ts";

const live = {
  risk: "high",
  effects: ["live-infrastructure"],
  does: "acts on live infrastructure",
} as const satisfies Program;
const destroys: Program = {
  risk: "critical",
  effects: ["live-infrastructure", "data", "delete"],
  does: "destroys live infrastructure, with its data",
};
const starts: Program = {
  ...live,
  effects: ["live-infrastructure", "unknown"],
  does: "runs a program on live infrastructure",
};

const sshValued = "-b -c -D -E -e -F -I -i -J -L -l -m -O -o -p -Q -R -S -W -w -B";
const hostMounts = mentions(
  /^(?:--mount=)?(?:[^=,]+=[^,]*,)*(?:src|source)=\/(?:,.*)?$|^(?:--volume=|-v)?(?:\/|\/etc|\/root|\/home|\/var\/run\/docker\.sock|\/run\/docker\.sock):|^--privileged(?:=true)?$|^--(?:pid|userns|ipc|uts)=host$|^--cap-add=(?:ALL|SYS_ADMIN)$/i,
  "critical",
  ["privilege", "live-infrastructure"],
  "gives a container the whole machine",
);
const containerValued =
  "-a -c -e -h -l -m -p -u -v -w --add-host --attach --cap-add --cap-drop --cpus --device --dns --entrypoint --env --env-file --expose --gpus --hostname --ip --label --log-driver --log-opt --memory --mount --name --net --network --pid --platform --publish --pull --restart --security-opt --shm-size --tmpfs --ulimit --user --userns --volume --volumes-from --workdir --detach-keys";

const compose: Program = {
  ...live,
  valued: "-f --file -p --project-name --profile --env-file --project-directory --ansi --parallel",
  commands: {
    "exec run": { ...starts, strict: true, valued: containerValued, rule: startsElsewhere(1) },
    down: {
      ...live,
      options: {
        "-v --volumes --rmi": {
          risk: "critical",
          effects: ["data", "delete"],
          does: "deletes the data of the containers",
        },
      },
    },
    rm: {
      ...live,
      options: { "-v": { risk: "critical", effects: ["data", "delete"], does: "deletes the data of the containers" } },
    },
    "config version": {
      risk: "medium",
      effects: ["read"],
      does: "reads a description of containers",
      options: { "-o --output": { does: "writes a file", value: "write" } },
    },
  },
};

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
      "drain cordon taint": { ...destroys, does: "takes machines away from a cluster" },
    },
    examples: {
      "kubectl get pods": "high",
      'k""ubectl get pods': "high",
      "K=kubectl; $K apply -f x": "high",
      "kubectl delete pod x": "high",
      "kubectl delete namespace prod": "critical",
      "kubectl delete pods --all": "critical",
      "kubectl -n x delete pvc data": "critical",
      "kubectl exec pod -- rm -rf /": "critical",
      "kubectl exec pod -it -- sh": "high",
      "kubectl drain node1": "critical",
    },
  },
  "helm flux argocd kustomize istioctl linkerd k9s stern kind minikube k3d eksctl kops kubeadm kubectx kubens skaffold tilt":
    {
      ...live,
      rule: mentions(
        /^(?:delete|reset|destroy)$/,
        "critical",
        ["data", "delete"],
        "destroys a cluster or what is in it",
      ),
      examples: {
        "helm upgrade shop ./chart": "high",
        "helm uninstall shop": "high",
        "eksctl delete cluster x": "critical",
      },
    },
  "terraform tofu terragrunt pulumi cdk cdktf": {
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
    examples: {
      "terraform plan": "high",
      "terraform apply": "high",
      "terraform apply -auto-approve": "critical",
      "terraform destroy": "critical",
      "terraform -chdir=prod destroy": "critical",
      "terraform validate": "medium",
      "terraform state rm x": "critical",
    },
  },
  "ansible ansible-playbook ansible-pull ansible-console ansible-galaxy ansible-vault salt salt-ssh salt-call puppet chef-client knife cap capistrano bolt packer vagrant nomad consul vault":
    {
      ...live,
      rule: startsAnything,
      examples: {
        "ansible-playbook site.yml": "high",
        "ansible all -m shell -a 'rm -rf /'": "critical",
        "vault kv get x": "high",
      },
    },
  "aws gcloud gsutil bq az oci doctl hcloud linode-cli scw ibmcloud aliyun fly flyctl heroku vercel netlify wrangler firebase railway render supabase sam serverless sls eb amplify rclone s3cmd mc b2":
    {
      ...live,
      effects: ["network", "live-infrastructure"],
      does: "acts on a cloud",
      rule: every(
        mentions(
          /^(?:delete|destroy|terminate|remove|purge|rm|rb|release|deregister|disable|drop|nuke|undeploy)(?:-|$)|:(?:destroy|delete|reset)$/,
          "critical",
          ["data", "delete"],
          "destroys something in a cloud",
        ),
        mentions(
          /^(?:iam|iam-\w+|route53\w*|dns|kms|organizations|ad|role|keyvault|secretsmanager|secrets?)$/,
          "critical",
          ["privilege", "secret"],
          "changes users, keys or names",
        ),
      ),
      examples: {
        "aws s3 ls": "high",
        "aws s3 rm s3://x --recursive": "critical",
        "aws ec2 terminate-instances --instance-ids i-1": "critical",
        "gcloud dns record-sets list": "critical",
        "aws iam create-user": "critical",
        "fly deploy": "high",
      },
    },
  "docker podman nerdctl": {
    ...live,
    valued: "-H -c -l --host --context --config --log-level --tlscacert --tlscert --tlskey",
    commands: {
      "exec run create": {
        ...starts,
        strict: true,
        valued: containerValued,
        rule: every(startsElsewhere(1), hostMounts),
      },
      container: {
        ...live,
        commands: {
          "exec run create": {
            ...starts,
            strict: true,
            valued: containerValued,
            rule: every(startsElsewhere(1), hostMounts),
          },
        },
      },
      "volume system": {
        ...live,
        rule: mentions(/^(?:rm|remove|prune|reset)$/, "critical", ["data", "delete"], "deletes data of containers"),
      },
      rm: {
        ...live,
        options: {
          "-v --volumes": { risk: "critical", effects: ["data", "delete"], does: "deletes the data of the containers" },
        },
      },
      compose,
    },
    examples: {
      "docker ps": "high",
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
    rule: every(
      startsAnything,
      mentions(
        /^(?:destroy|delete|undefine|rm|purge)$/,
        "critical",
        ["data", "delete"],
        "destroys a machine or an image",
      ),
    ),
    examples: { "lxc list": "high", "virsh destroy x": "critical" },
  },
};
