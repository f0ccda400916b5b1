import type { ProgramTable } from "../program.ts";
import { actsUnlessDry, fetchesChart } from "../rules/dry-run.ts";
import { every } from "../rules/every.ts";
import { startsElsewhere } from "../rules/launch.ts";
import { mentions } from "../rules/mention.ts";
import { asks, described, destroys, live, otherRights, starts, tells, tellsSettings } from "./live.ts";
import { readsFile, runsProgram, writesThere } from "./usual-options.ts";

const manifestValued =
  "-f -k -l -n -o --filename --kustomize --selector --namespace --context --output --field-manager --from-file --from-literal --from-env-file --image --type";

const manifestOptions = `${manifestValued} -R --recursive --server-side --force-conflicts --validate --show-managed-fields`;

/** Only with its value: without one it is no dry run, and "server" runs what the cluster's webhooks do. */
const shownByClient = { options: "--dry-run", value: /^client$/, others: manifestOptions };

const grantsRights = mentions(
  /^(?:clusterroles?|clusterrolebindings?|roles?|rolebindings?|serviceaccounts?|sa|token)(?:\/|$)/,
  "critical",
  ["privilege"],
  "gives rights in a cluster",
);

const destroysCluster = mentions(
  /^(?:delete|reset|destroy)$/,
  "critical",
  ["data", "delete"],
  "destroys a cluster or what is in it",
);

/** Clusters. */
export const kubernetes: ProgramTable = {
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
};
