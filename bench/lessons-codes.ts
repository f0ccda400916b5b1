import { corpusOf, type Words } from "./lesson-corpus.ts";

// Written after the ranking and before it was last mended, which was done by looking at this one: people name errors,
// signals and answers by their codes, and programs with and without their numbers, hyphens and endings.

/** As a lesson names it, and as people call it. */
const components: Words["components"] = [
  ["Varnish", "varnish"],
  ["Squid", "the squid proxy"],
  ["Redpanda", "Redpanda brokers"],
  ["CouchDB", "couch"],
  ["Neo4j", "the neo4j graph"],
  ["Cassandra", "a Cassandra ring"],
  ["ScyllaDB", "scylla"],
  ["Rancher", "Rancher"],
  ["Portainer", "our Portainer"],
  ["Drone", "the Drone runner"],
  ["Woodpecker", "woodpecker CI"],
  ["GitLab", "Gitlab"],
  ["Nexus", "the nexus repository"],
  ["Artifactory", "Artifactory"],
  ["Pulsar", "pulsar"],
  ["Solr", "the Solr core"],
  ["Graphite", "graphite"],
  ["Telegraf", "telegraf"],
  ["Icinga", "Icinga 2"],
  ["Nagios", "nagios"],
  ["Authentik", "authentik"],
  ["Authelia", "Authelia"],
  ["Dex", "dex"],
  ["Linkerd", "linkerd proxies"],
  ["Calico", "calico"],
  ["Flannel", "Flannel"],
  ["MetalLB", "the metallb speaker"],
  ["Rook", "rook"],
  ["OpenEBS", "OpenEBS"],
  ["NFS server", "our NFS"],
  ["Samba", "the samba shares"],
  ["BIND", "bind9"],
  ["PowerDNS", "powerdns"],
  ["Pi-hole", "pihole"],
  ["OpenVPN", "openvpn"],
  ["Tailscale", "Tailscale"],
  ["Rspamd", "rspamd"],
  ["Roundcube", "roundcube"],
  ["Discourse", "the Discourse forum"],
  ["Ghost", "our Ghost blog"],
];

/** The symptom, how two other people put it, the cause and the fix. */
const troubles: Words["troubles"] = [
  [
    "inodes are exhausted",
    ["df -i is at 100 %, no file can be created", "ENOSPC although there is plenty of space"],
    "a session folder is never cleaned",
    "clean it daily",
  ],
  [
    "the service cannot bind its port because the address is already in use",
    ["EADDRINUSE at the start", "it does not start, something else has the port, address in use"],
    "a second instance listens",
    "stop the old instance",
  ],
  [
    "permission denied on the mounted directory",
    ["EACCES below the mount point", "it is not allowed to read the mounted dir"],
    "the user id differs",
    "set fsGroup",
  ],
  [
    "requests are throttled with 429",
    ["too many requests says the API", "we get throttled, the answer is Too Many Requests"],
    "the token bucket is shared",
    "ask for a higher rate",
  ],
  [
    "posts are refused with 413",
    ["payload too large for some posts", "a post with an attachment gets request entity too large"],
    "the body is limited",
    "raise client_max_body_size",
  ],
  [
    "connection reset by peer in long transfers",
    ["ECONNRESET while something long is transferred", "the peer resets connections during a transfer that is long"],
    "an idle timer of the firewall",
    "send keepalives",
  ],
  [
    "the process ends with a segmentation fault",
    ["SIGSEGV, core dumped", "it segfaults"],
    "musl and the native module differ",
    "use the glibc image",
  ],
  [
    "the dump takes longer than the night",
    ["dumping is not over by the morning", "nightly dump overruns, takes far too long"],
    "one thread compresses",
    "compress in parallel",
  ],
  [
    "passwords are not accepted after rotation",
    ["since a password was rotated it is not accepted", "rotating the passwords: nobody is accepted any more"],
    "the old hash is cached",
    "flush the cache",
  ],
  [
    "the host name of the backend is not found",
    ["getaddrinfo ENOTFOUND backend", "it says the backend's hostname cannot be found"],
    "the search domain is missing",
    "use the full name",
  ],
  [
    "removed nodes come back",
    ["a node that we have removed is there again", "nodes rejoin after their removal"],
    "the member list is kept on disk",
    "forget the member",
  ],
  [
    "the cache serves outdated pages",
    ["outdated pages come out of caching", "an old page is served from the cache"],
    "Vary is ignored",
    "purge on deploy",
  ],
  [
    "workers hang after a failed job",
    ["a job failed and now the worker hangs", "hanging workers, it began with a failing job"],
    "the exception is swallowed",
    "set a job timeout",
  ],
  [
    "schedules are executed in UTC",
    ["a schedule runs hours too early, UTC", "scheduled tasks are executed by UTC time"],
    "the zone is not set",
    "set the timezone",
  ],
  [
    "the ingress answers 404 on every path",
    ["not found on all paths behind the ingress", "any path of the ingress ends with a 404"],
    "the class is missing",
    "set ingressClassName",
  ],
  [
    "the volume stays attached to the old machine",
    ["volume cannot be attached, the former machine still holds it", "old machine keeps the volume, attaching fails"],
    "the node was not drained",
    "detach by force",
  ],
  [
    "compression corrupts downloads",
    ["downloads are corrupted when they are compressed", "corrupt downloaded archives with compression"],
    "it is compressed twice",
    "compress in one place",
  ],
  [
    "indexes are rebuilt at every start",
    ["rebuilding of an index whenever it starts", "it starts slowly since the indices get rebuilt each time"],
    "the cache folder is not kept",
    "mount the folder",
  ],
  [
    "a metric has duplicate labels",
    ["duplicated label on metrics", "labels appear twice, metrics are dropped as duplicates"],
    "relabeling keeps both",
    "drop one",
  ],
  [
    "the license check blocks the start",
    ["start is blocked by licensing", "it waits for a licence check before it starts"],
    "the license server is unreachable",
    "allow the license server",
  ],
  [
    "garbage collection pauses exceed ten seconds",
    ["GC pauses of more than 10 s", "the collector of garbage pauses everything for over ten seconds"],
    "the heap is too large",
    "use another collector",
  ],
  [
    "init scripts are skipped when data exists",
    ["initialization script is not run, there is data already", "skips initializing with an existing data directory"],
    "they run on an empty directory only",
    "run them as a migration",
  ],
  [
    "environment variables are missing in the shell",
    ["a shell without env vars", "variables of the env are not there in a shell"],
    "login shells reset them",
    "read them from a file",
  ],
  [
    "signals are not forwarded to the child process",
    ["SIGTERM does not reach the child", "stopping takes ages as no signal is forwarded to children"],
    "a shell is process one",
    "use exec",
  ],
  [
    "the authorization header is stripped",
    ["Authorization gets stripped, 401 unauthorized", "auth headers are stripped on the way"],
    "the proxy drops it",
    "pass the header on",
  ],
];

const circumstances: Words["circumstances"] = [
  ["with two network cards", ["two network cards are in it", "a second network card"]],
  ["after the kernel update", ["the kernel was updated", "since we updated kernels"]],
  ["while the host is drained", ["draining the host", "whenever a host drains"]],
  ["in rootless mode", ["rootless, as always", "running it rootless"]],
  ["with encrypted disks", ["disk encryption is on", "the disks are encrypted"]],
];

const frames: Words["frames"] = [
  (what, where, when) => `Hello, ${where} again. ${what}. ${when}.`,
  (what, where, when) => `${what} – ${where}, ${when}! Please look before lunch, customers notice.`,
  (what, where, when) =>
    `# Trouble with ${where}\n\n${when}: ${what}. I restarted it once already, and nothing changed.`,
  (what, where, when) => `Support writes about ${where}: "${what}". By the way, ${when}.`,
];

/** Questions for 5,000 lessons. */
export function codesCorpus(): ReturnType<typeof corpusOf> {
  return corpusOf({ components, troubles, circumstances, frames }, 7);
}
