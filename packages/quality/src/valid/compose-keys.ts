// What the Compose specification knows (github.com/compose-spec/compose-spec, schema/compose-spec.json, November 2026).

/** Which form a value has. "any" is not looked at. */
export type Form = "text" | "number" | "flag" | "list" | "map" | "list or map" | "text or list" | "text or map" | "any";

type Forms = Readonly<Record<string, Form>>;

function forms(table: Readonly<Partial<Record<Form, string>>>): Forms {
  return Object.fromEntries(
    Object.entries(table).flatMap(([form, names]) => names.split(" ").map((name) => [name, form as Form])),
  );
}

/** Names that every part of a Compose file may have are those that begin with `x-`. */
export const top: Forms = forms({
  text: "name version",
  map: "services networks volumes secrets configs models",
  any: "include",
});

export const service: Forms = forms({
  text: "image container_name hostname domainname cgroup cgroup_parent cpuset ipc isolation mac_address network_mode pid platform pull_policy pull_refresh_after restart runtime stop_grace_period stop_signal user uts userns_mode working_dir",
  number:
    "cpu_count cpu_percent cpu_shares cpu_quota cpu_period cpu_rt_period cpu_rt_runtime cpus mem_limit mem_reservation mem_swappiness memswap_limit oom_score_adj pids_limit scale shm_size",
  flag: "attach init oom_kill_disable privileged read_only stdin_open tty use_api_socket",
  list: "cap_add cap_drop configs device_cgroup_rules devices dns_opt expose external_links group_add links ports post_start pre_stop profiles secrets security_opt volumes volumes_from",
  map: "blkio_config credential_spec deploy develop healthcheck logging provider storage_opt ulimits",
  "list or map": "annotations depends_on environment extra_hosts labels models networks sysctls",
  "text or list": "command dns dns_search entrypoint label_file tmpfs",
  "text or map": "build extends",
  any: "env_file gpus",
});

export const healthcheck: Forms = forms({
  flag: "disable",
  text: "interval timeout start_period start_interval",
  number: "retries",
  "text or list": "test",
});

export const deploy: Forms = forms({
  text: "mode endpoint_mode",
  number: "replicas",
  "list or map": "labels",
  map: "rollback_config update_config resources restart_policy placement",
});

export const resources: Forms = forms({ map: "limits reservations" });

export const limits: Forms = forms({ number: "cpus memory pids" });

export const reservations: Forms = forms({ number: "cpus memory", list: "generic_resources devices" });

export const restartPolicy: Forms = forms({ text: "condition delay window", number: "max_attempts" });

export const build: Forms = forms({
  text: "context dockerfile dockerfile_inline isolation network target",
  flag: "no_cache pull privileged provenance sbom",
  number: "shm_size",
  list: "cache_from cache_to entitlements platforms secrets tags",
  map: "ulimits",
  "list or map": "additional_contexts args extra_hosts labels ssh",
  any: "no_cache_filter",
});

export const logging: Forms = forms({ text: "driver", map: "options" });

export const dependency: Forms = forms({ text: "condition", flag: "restart required" });

export const longPort: Forms = forms({
  text: "name mode host_ip protocol app_protocol",
  number: "target published",
});

export const longVolume: Forms = forms({
  text: "type source target consistency",
  flag: "read_only",
  map: "bind volume tmpfs image",
});

export const network: Forms = forms({
  text: "name driver",
  flag: "internal enable_ipv4 enable_ipv6 attachable",
  map: "driver_opts ipam",
  "list or map": "labels",
  any: "external",
});

export const volume: Forms = forms({
  text: "name driver",
  map: "driver_opts",
  "list or map": "labels",
  any: "external",
});

export const secret: Forms = forms({
  text: "name environment file driver template_driver content",
  map: "driver_opts",
  "list or map": "labels",
  any: "external",
});

export const model: Forms = forms({ text: "name model", number: "context_size", list: "runtime_flags" });
