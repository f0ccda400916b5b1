import { corpusOf, type Words } from "./lesson-corpus.ts";

// Nothing in here was used to make the ranking: other programs, other failures, other sentences, and words that the
// ranking's list of other names does not have. Whoever works on the ranking leaves this file alone.

/** As a lesson names it, and as people call it. */
const components: Words["components"] = [
  ["MySQL", "our mysql"],
  ["HAProxy", "the haproxy box"],
  ["etcd", "etcd"],
  ["Consul", "Consul"],
  ["Nomad", "the nomad clients"],
  ["Jenkins", "Jenkins"],
  ["SonarQube", "sonarqube"],
  ["Nextcloud", "the Nextcloud of the office"],
  ["Mattermost", "mattermost"],
  ["Zabbix", "Zabbix"],
  ["InfluxDB", "influx"],
  ["Tempo", "Tempo"],
  ["Jaeger", "the Jaeger UI"],
  ["Istio", "istio sidecars"],
  ["Envoy", "Envoy"],
  ["Cilium", "cilium"],
  ["Ceph", "the Ceph pool"],
  ["Velero", "Velero"],
  ["Flux", "flux"],
  ["Tekton", "our Tekton pipelines"],
  ["ClickHouse", "clickhouse"],
  ["MongoDB", "mongo"],
  ["Memcached", "memcached"],
  ["NATS", "NATS"],
  ["Temporal", "temporal workers"],
  ["Airflow", "the airflow scheduler"],
  ["Superset", "Superset"],
  ["Metabase", "metabase"],
  ["Vaultwarden", "vaultwarden"],
  ["Matrix Synapse", "Synapse"],
  ["Jitsi", "the Jitsi bridge"],
  ["Postfix", "postfix"],
  ["Dovecot", "Dovecot"],
  ["Unbound", "the unbound resolver"],
  ["WireGuard", "wireguard tunnels"],
  ["OpenSearch", "opensearch"],
  ["Kibana", "kibana"],
  ["Fluent Bit", "fluentbit"],
  ["Vector", "Vector"],
  ["Restic", "restic"],
];

/** The symptom, how two other people put it, the cause and the fix. */
const troubles: Words["troubles"] = [
  [
    "clients get 504 after thirty seconds",
    ["a gateway timeout, 504, half a minute in", "callers wait 30 s and see 504"],
    "the idle timeout of the proxy is shorter than the query",
    "raise the proxy's read timeout",
  ],
  [
    "the process exits with code 137",
    ["it dies, exit status 137", "137 is what it ends with, over and over"],
    "the kernel kills it for its memory",
    "raise the memory limit",
  ],
  [
    "new replicas never become ready",
    ["a freshly added replica stays unready", "scaling up: the extra copies do not get ready"],
    "the readiness probe asks for a token",
    "open the probe's path",
  ],
  [
    "writes fail because the file system is read-only",
    ["EROFS, nothing can be written", "it cannot write, the filesystem turned read only"],
    "the disk had an error and was remounted",
    "replace the disk",
  ],
  [
    "the leader changes every few minutes",
    ["leader elections all day long", "leadership flaps between members"],
    "the disk is too slow for heartbeats",
    "move it to a faster disk",
  ],
  [
    "users are logged out at random",
    ["sessions vanish, people have to sign in again", "random logouts for some users"],
    "two instances have different session keys",
    "share the session key",
  ],
  [
    "the dashboard shows no data since midnight",
    ["empty panels on the dashboard, started at midnight", "no data points in the graphs after 0:00"],
    "the retention job deleted the index",
    "raise the retention",
  ],
  [
    "DNS answers are stale for an hour",
    ["old DNS records are served for about an hour", "a changed record takes an hour to be seen in DNS"],
    "the negative cache lasts too long",
    "lower the TTL",
  ],
  [
    "mail lands in spam",
    ["recipients find our mails in the spam folder", "messages get marked as spam"],
    "the SPF record names the old host",
    "mend the SPF record",
  ],
  [
    "jobs run twice",
    ["every job is executed two times", "duplicate runs of the same job"],
    "two schedulers are active",
    "keep one scheduler",
  ],
  [
    "the upgrade stops at the schema step",
    ["upgrading hangs on the schema change", "schema migration blocks during an upgrade"],
    "a long transaction holds a lock",
    "end the transaction first",
  ],
  [
    "TLS handshakes fail for old clients",
    ["older devices cannot complete the TLS handshake", "handshake failure with legacy TLS clients"],
    "only TLS 1.3 is offered",
    "offer TLS 1.2",
  ],
  [
    "CPU is at one hundred percent while idle",
    ["it burns a whole CPU doing nothing", "idle, yet 100 % CPU"],
    "a busy loop polls a closed socket",
    "update the driver",
  ],
  [
    "search returns deleted documents",
    ["documents we deleted still show up in search", "search finds things that were removed"],
    "the index is never merged",
    "force a merge",
  ],
  [
    "file handles run out",
    ["too many open files", "it hits the limit of open file descriptors"],
    "the limit of the unit is 1024",
    "set LimitNOFILE",
  ],
  [
    "packets larger than 1400 bytes are lost",
    ["big packets vanish, small ones pass", "anything above 1400 bytes is dropped"],
    "the MTU of the tunnel is smaller",
    "clamp the MSS",
  ],
  [
    "the clock drifts by minutes",
    ["clocks are minutes apart", "clock skew of several minutes between machines"],
    "no time daemon runs in the container host",
    "start chrony",
  ],
  [
    "restores end with a checksum error",
    ["restoring aborts: checksum mismatch", "a wrong checksum when we restored"],
    "the upload was cut off",
    "verify after upload",
  ],
  [
    "webhooks are delivered late",
    ["a webhook arrives minutes too late", "late webhook deliveries"],
    "the outgoing queue has one worker",
    "add workers",
  ],
  [
    "the login page loops",
    ["after sign-in you land on the login page again", "redirect loop at login"],
    "the cookie is set for another domain",
    "set the cookie's domain",
  ],
  [
    "quota is exceeded though the volume is half empty",
    ["quota exceeded with 50 % of the volume free", "it claims the quota is used up, but half of the volume is empty"],
    "snapshots count too",
    "delete snapshots",
  ],
  [
    "characters with umlauts are broken",
    ["umlauts come out as question marks", "broken encoding of characters such as ä"],
    "the connection is latin1",
    "set utf8mb4",
  ],
  [
    "alerts fire for machines that are gone",
    ["alerting about machines we removed long ago", "an alert for a decommissioned machine"],
    "targets are never forgotten",
    "expire targets",
  ],
  [
    "the pod is evicted at night",
    ["nightly evictions of pods", "pods get evicted, always around 3 am"],
    "ephemeral storage is full of temporary files",
    "limit ephemeral storage",
  ],
  [
    "a rollback leaves two versions running",
    ["rolled back, and now both versions run side by side", "two releases run at once following a rollback"],
    "the old release has another label",
    "keep labels stable",
  ],
];

const circumstances: Words["circumstances"] = [
  [
    "since the move to another datacenter",
    ["we moved it to the new datacenter last week", "it began with the datacenter move"],
  ],
  ["when the VPN is down", ["whenever our VPN drops", "with no VPN connection"]],
  [
    "on machines with more than 64 cores",
    ["only the big machines with 64+ cores show it", "machines having many cores, over 64"],
  ],
  [
    "behind a second load balancer",
    ["there are two load balancers in a row", "another load balancer was put before it"],
  ],
  ["with audit logging switched on", ["after switching on audit logs", "audit logging enabled"]],
];

const frames: Words["frames"] = [
  (what, where, when) => `Morning all. ${where}: ${what}, ${when}. Any idea?`,
  (what, where, when) => `${when}, ${what} (${where}). Colleagues asked me twice already, so please hurry.`,
  (what, where, when) => `Could somebody check ${where}? ${what}. Perhaps it matters that ${when}.`,
  (what, where, when) => `Ticket from the shop team: "${what}". It is about ${where}, ${when}. Screenshots can be had.`,
];

/** Questions for 5,000 lessons. */
export function heldOutCorpus(): ReturnType<typeof corpusOf> {
  return corpusOf({ components, troubles, circumstances, frames }, 20_261_121);
}
