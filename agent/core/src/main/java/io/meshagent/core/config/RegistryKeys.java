package io.meshagent.core.config;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;

import java.time.Duration;
import java.util.List;

/**
 * The settings of registry and directory: where they are, what goes there, what is taken from
 * there.
 */
public final class RegistryKeys {

  // Registry.

  public static final Key<List<String>> ETCD_ENDPOINTS =
      Key.of(
              "etcd.endpoints",
              PlaceTypes.urls(),
              "",
              "The etcd cluster to register in and to discover from.")
          .defaultMeans("none: the local registry of this machine");
  public static final Key<String> ETCD_PREFIX =
      Key.of(
          "etcd.prefix",
          PlaceTypes.etcdPrefix(),
          "/services",
          "The prefix of every key in etcd; programs see each other only under the same one.");
  public static final Key<String> ETCD_USER =
      Key.of("etcd.user", Types.text(), "", "The user name, where etcd asks for one.");
  public static final Key<String> ETCD_PASSWORD =
      Key.of("etcd.password", Types.secret(), "", "The password of etcd.user; shown nowhere.")
          .neverShown();
  public static final Key<String> ETCD_PASSWORD_FILE =
      Key.of(
          "etcd.password-file",
          Types.path(),
          "",
          "The file whose first line is the password of etcd.user, read at each log-in; wins over"
              + " etcd.password.");
  public static final Key<Boolean> ETCD_PLAINTEXT_PASSWORD =
      Key.of(
          "etcd.allow-plaintext-password",
          Types.bool(),
          "false",
          "Whether the password may go over http:// to another machine, where whoever is on the way"
              + " can read it. Without it the agent does not log in there.");
  public static final Key<String> ETCD_NAMESPACE =
      Key.of(
          "etcd.namespace",
          FormatTypes.namespace(),
          "",
          "What stands before every key in etcd, as it is, so that several meshes share one etcd"
              + " unseen by each other.");
  public static final Key<String> ETCD_TLS_CA =
      Key.of(
              "etcd.tls.ca",
              Types.path(),
              "",
              "The PEM file of the authorities that etcd's certificate may come from, where"
                  + " etcd.endpoints are https. All files of etcd.tls are read at each connection.")
          .defaultMeans("the JVM's trust store");
  public static final Key<String> ETCD_TLS_CERT =
      Key.of(
          "etcd.tls.cert",
          Types.path(),
          "",
          "The PEM file of this program's own certificate, where etcd asks for one.");
  public static final Key<String> ETCD_TLS_KEY =
      Key.of(
          "etcd.tls.key",
          Types.path(),
          "",
          "The PEM file of the key of etcd.tls.cert, not encrypted.");
  public static final Key<String> ETCD_TLS_SERVER_NAME =
      Key.of(
              "etcd.tls.server-name",
              PlaceTypes.host(true),
              "",
              "The name that etcd's certificate has to hold, if it is not the endpoint's.")
          .defaultMeans("the host of the endpoint");
  public static final Key<List<EntrySource>> REGISTRY_READ =
      Key.of(
              "registry.read",
              FormatTypes.sources(),
              "",
              "What is read from etcd beside etcd.prefix, as format:prefix or"
                  + " format:prefix=service, for example kratos:/microservices or"
                  + " go-zero:greet.rpc=helloworld.Greeter.")
          .defaultMeans("etcd.prefix alone");
  public static final Key<List<EntryFormat>> REGISTRY_WRITE =
      Key.of(
          "registry.write",
          FormatTypes.formats(),
          "etcd",
          "The formats in which servers are registered in etcd, so that clients of other"
              + " frameworks find them.");
  public static final Key<String> REGISTRY_GO_ZERO_PREFIX =
      Key.of(
              "registry.go-zero.prefix",
              PlaceTypes.etcdPrefix(true),
              "",
              "What stands before the service in the keys that are written for go-zero.")
          .defaultMeans("nothing: the Key of their clients is the service");
  public static final Key<String> REGISTRY_KRATOS_NAMESPACE =
      Key.of(
          "registry.kratos.namespace",
          PlaceTypes.etcdPrefix(),
          "/microservices",
          "The namespace of the keys that are written for go-kratos.");
  public static final Key<Duration> REGISTRY_TTL =
      Key.of(
          "registry.ttl",
          Types.duration(ofSeconds(3), ofMinutes(10)),
          "15s",
          "How long the registration of a program that died stays in the directory.");
  public static final Key<String> REGISTRY_LOCAL_DIR =
      Key.of(
              "registry.local.dir",
              Types.path(),
              "",
              "The directory of the local registry, used when etcd.endpoints is empty.")
          .defaultMeans("one for this user in the JVM's temporary directory");

  // Registering and discovering.

  public static final Key<Boolean> REGISTER_ENABLED =
      Key.of(
          "register.enabled",
          Types.bool(),
          "true",
          "Whether servers of this program are registered.");
  public static final Key<String> REGISTER_HOST =
      Key.of(
              "register.host",
              PlaceTypes.host(true),
              "",
              "The host name or address under which other programs reach this one.")
          .defaultMeans("found by the agent");
  public static final Key<Integer> REGISTER_PORT =
      Key.of(
              "register.port",
              Types.number(0, 65_535),
              "0",
              "The port under which other programs reach this one's gRPC server, where it is not the"
                  + " one that the server has bound: inside a servlet container, behind a port"
                  + " mapping.")
          .defaultMeans("the port that the server has bound");
  public static final Key<Wildcards> REGISTER_EXCLUDE =
      Key.of(
          "register.exclude",
          Types.wildcards(),
          "grpc.health.v1.Health,grpc.reflection.*,grpc.channelz.*",
          "Services that are not registered.");
  public static final Key<Boolean> REGISTER_HEALTH =
      Key.of(
          "register.health",
          Types.bool(),
          "true",
          "Whether a service that the server's grpc.health.v1 calls NOT_SERVING is withdrawn until"
              + " it is SERVING.");
  public static final Key<Boolean> DOCUMENTS_ENABLED =
      Key.of(
          "documents.enabled",
          Types.bool(),
          "true",
          "Whether policies may change while the program runs: by documents in etcd, and by the"
              + " configuration file.");
  public static final Key<String> DOCUMENTS_PREFIX =
      Key.of(
          "documents.prefix",
          PlaceTypes.etcdPrefix(),
          "/mesh",
          "Documents are read from PREFIX/policies/NAME; each program that follows them reports"
              + " under PREFIX/agents/ID.");
  public static final Key<Drains> DRAINS =
      Key.live(
          "drains",
          Drains.type(),
          "",
          "Instances that get no new calls from here while any other is left, with when and who;"
              + " the command drain writes it.");
  public static final Key<Duration> DRAIN_DELAY =
      Key.of(
          "drain.delay",
          Types.durationOrOff(ofMillis(1), ofMinutes(5)),
          "3s",
          "How long a server that shuts down goes on answering after it was announced, so that all"
              + " clients see it; an idle one does not wait.");
  public static final Key<Duration> DRAIN_TIMEOUT =
      Key.of(
          "drain.timeout",
          Types.durationOrOff(ofMillis(1), ofMinutes(10)),
          "5s",
          "The longest that the end of the JVM then waits for calls in flight.");
  public static final Key<Boolean> DISCOVER_ENABLED =
      Key.of(
          "discover.enabled",
          Types.bool(),
          "true",
          "Whether calls of this program go to discovered instances.");
  public static final Key<Wildcards> DISCOVER_EXCLUDE_TARGETS =
      Key.of(
          "discover.exclude-targets",
          Types.wildcards(),
          "",
          "Targets whose channels are left as they are, for example dns:///billing.example:443.");
  public static final Key<Wildcards> DISCOVER_INCLUDE_TARGETS =
      Key.of(
          "discover.include-targets",
          Types.wildcards(),
          "",
          "Targets whose calls go to discovered instances even where the program balances the"
              + " channel by a policy of its own; without it such a channel is left as it is."
              + " discover.exclude-targets wins.");
  public static final Key<Wildcards> DISCOVER_INCLUDE_SERVICES =
      Key.of(
              "discover.include-services",
              Types.wildcards(),
              "",
              "Services whose calls go to discovered instances; those of others go to their channel's"
                  + " own target.")
          .defaultMeans("all");
  public static final Key<Wildcards> DISCOVER_EXCLUDE_SERVICES =
      Key.of(
          "discover.exclude-services",
          Types.wildcards(),
          "",
          "Services whose calls go to their channel's own target; wins over"
              + " discover.include-services.");
  public static final Key<TargetMap> DISCOVER_MAP =
      Key.of(
          "discover.map",
          TargetMap.type(),
          "",
          "Which instances the channels of a target mean, where several applications host one"
              + " service: dns:///legacy-a:50051 -> app=greeter-a ; dns:///legacy-b:* ->"
              + " app=greeter-b,version=2. The first clause that matches counts.");
  public static final Key<KeepAddressed> DISCOVER_KEEP_ADDRESSED =
      Key.of(
          "discover.keep-addressed",
          Types.oneOf(KeepAddressed.class),
          "auto",
          "Whether a channel whose target is the address of a registered instance keeps to that"
              + " instance as long as it is registered or can be reached: auto does so where the"
              + " program has channels to several instances of one service by their addresses, as"
              + " for shards.");
  public static final Key<Duration> DISCOVER_FIRST_WAIT =
      Key.of(
          "discover.first-wait",
          Types.durationOrOff(ofMillis(1), ofMinutes(1)),
          "3s",
          "The longest that first calls wait for the first list of the directory. One with a deadline"
              + " goes to its own target 500 ms before that.");
  public static final Key<Fallback> DISCOVER_FALLBACK =
      Key.of(
          "discover.fallback",
          Types.oneOf(Fallback.class),
          "own",
          "Where calls go if no instance of their service is registered, or none can be reached: own"
              + " is the target that the program built the channel for, fail refuses them"
              + " (UNAVAILABLE).");
  public static final Key<AddressRanges> DISCOVER_ALLOW_ADDRESSES =
      Key.of(
              "discover.allow-addresses",
              AddressRanges.type(),
              "",
              "The networks whose addresses may be called when an entry of the directory names one,"
                  + " for example 10.0.0.0/8,fd00::/8.")
          .defaultMeans("all but link-local, multicast and unspecified addresses");
  public static final Key<Integer> DISCOVER_MAX_OF_SERVICE =
      Key.of(
          "discover.max-instances-per-service",
          Types.number(1, 1_000_000),
          "20000",
          "The most instances of one service that are kept of what the registry holds.");
  public static final Key<Integer> DISCOVER_MAX_INSTANCES =
      Key.of(
          "discover.max-instances",
          Types.number(1, 10_000_000),
          "100000",
          "The most that are kept in all, one that hosts two services counted twice. Where there are"
              + " more, those of services that this program calls stay.");
  public static final Key<Integer> DISCOVER_MAX_MEGABYTES =
      Key.of(
              "discover.max-megabytes",
              Types.number(0, 100_000),
              "0",
              "The most memory that they may take, about.")
          .defaultMeans("0: an eighth of the heap, at least 16 and at most 64");
  public static final Key<Boolean> DISCOVER_SNAPSHOT_ENABLED =
      Key.of(
          "discover.snapshot.enabled",
          Types.bool(),
          "true",
          "Whether the directory of etcd is kept on disk too, for a start while etcd can't be"
              + " reached; it is used for 24 hours.");
  public static final Key<String> DISCOVER_SNAPSHOT_DIR =
      Key.of(
              "discover.snapshot.dir",
              Types.path(),
              "",
              "The directory where it is kept; it must belong to this user alone.")
          .defaultMeans("one for this user in the JVM's temporary directory");

  private RegistryKeys() {}
}
