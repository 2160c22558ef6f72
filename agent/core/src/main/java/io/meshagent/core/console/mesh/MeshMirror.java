package io.meshagent.core.console.mesh;

import io.meshagent.core.config.Drains;
import io.meshagent.core.config.EntryFormat;
import io.meshagent.core.config.EntrySource;
import io.meshagent.core.registry.etcd.access.EtcdSettings;
import io.meshagent.core.registry.etcd.client.EtcdEntry;
import io.meshagent.core.registry.etcd.client.EtcdInTime;
import io.meshagent.core.registry.etcd.client.EtcdOperations;
import io.meshagent.core.registry.etcd.client.NamespacedEtcd;
import io.meshagent.core.registry.etcd.connection.EtcdClient;
import io.meshagent.core.registry.etcd.mirror.EtcdMirror;
import io.meshagent.core.registry.etcd.mirror.MirrorRecord;
import io.meshagent.core.registry.etcd.mirror.MirroredEtcd;
import io.meshagent.core.registry.format.EntryReader;
import io.meshagent.core.run.TaskLoop;
import io.meshagent.core.run.ThreadLoop;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The whole mesh as etcd has it now: instances, what programs say of their calls and of documents,
 * and the documents. Follows etcd on a thread of its own; reads and writes nothing else. {@link
 * #look} is for any thread and waits for no network.
 */
public final class MeshMirror implements AutoCloseable {

  private static final String CALLS = "/calls";

  private final TaskLoop loop;
  private final EtcdOperations etcd;
  private final List<EtcdMirror> mirrors = new ArrayList<>();
  private final Object lock = new Object();
  private final AtomicLong revision = new AtomicLong();
  private final MirroredEntries<HostedService> hosted;
  private final MirroredEntries<Object> programs;
  private final MirroredEntries<StoredDocument> documents;

  private MeshMirror(EtcdSettings settings, TaskLoop loop) {
    this(
        settings,
        new EtcdInTime(NamespacedEtcd.of(new EtcdClient(settings), settings.namespace()), loop),
        loop);
  }

  /**
   * @param settings with the prefix of documents
   */
  public MeshMirror(EtcdSettings settings) {
    this(settings, ThreadLoop.named("mesh"));
  }

  /** For tests, which have another etcd. */
  MeshMirror(EtcdSettings settings, EtcdOperations etcd, TaskLoop loop) {
    this.etcd = etcd;
    this.loop = loop;
    MirroredEtcd mirrored =
        new MirroredEtcd(
            etcd, loop, settings.endpoints().size(), settings.ttlSeconds(), new MirrorRecord(loop));
    EntryReader reader =
        new EntryReader(new EntrySource(EntryFormat.ETCD, settings.prefix(), null));
    hosted = follow(mirrored, settings.prefix() + "/", entry -> hosted(reader, entry));
    String agents = settings.documents() + "/agents/";
    programs = follow(mirrored, agents, entry -> program(agents, entry));
    String policies = settings.documents() + "/policies/";
    documents = follow(mirrored, policies, entry -> new StoredDocument(policies, entry));
  }

  private <T> MirroredEntries<T> follow(
      MirroredEtcd mirrored, String prefix, Function<EtcdEntry, T> reading) {
    MirroredEntries<T> entries = new MirroredEntries<>(lock, reading, revision::incrementAndGet);
    mirrors.add(new EtcdMirror(mirrored, prefix, entries));
    return entries;
  }

  private static HostedService hosted(EntryReader reader, EtcdEntry entry) {
    String service = reader.service(entry.key());
    // Nobody is called from here, so nobody has to be found.
    return service == null
        ? null
        : reader
            .instances(
                service,
                entry.value(),
                at -> InetSocketAddress.createUnresolved(at.host(), at.port()))
            .stream()
            .findFirst()
            .map(instance -> new HostedService(service, instance))
            .orElse(null);
  }

  private static Object program(String folder, EtcdEntry entry) {
    String id = entry.key().substring(folder.length());
    return id.endsWith(CALLS)
        ? CallsOfProgram.of(id.substring(0, id.length() - CALLS.length()), entry.value())
        : ReportOfProgram.of(id, entry.value());
  }

  public void start() {
    mirrors.forEach(EtcdMirror::start);
  }

  /** Grows with each change of anything that is seen here. */
  public long revision() {
    return revision.get();
  }

  /** What is seen at one moment; not kept. */
  <T> T look(Supplier<T> looking) {
    synchronized (lock) {
      return looking.get();
    }
  }

  /** Of each entry; for {@link #look}. */
  Iterable<HostedService> hosted() {
    return hosted.byKey().values();
  }

  /** Of each program that says how its calls go; for {@link #look}. */
  List<CallsOfProgram> calls() {
    return of(CallsOfProgram.class);
  }

  /** Of each program that has read documents; for {@link #look}. */
  List<ReportOfProgram> reports() {
    return of(ReportOfProgram.class);
  }

  private <T> List<T> of(Class<T> kind) {
    List<T> found = new ArrayList<>();
    for (Object each : programs.byKey().values()) {
      if (kind.isInstance(each)) {
        found.add(kind.cast(each));
      }
    }
    return found;
  }

  /** By key; for {@link #look}. */
  Map<String, StoredDocument> documents() {
    return Collections.unmodifiableMap(documents.byKey());
  }

  /** What is drained in some program at least; for {@link #look}. */
  Drains drains() {
    Drains drains = Drains.NONE;
    for (StoredDocument each : new TreeMap<>(documents()).values()) {
      if (each.drains != null) {
        drains = drains.under(each.drains, each.audience.isEmpty());
      }
    }
    return drains;
  }

  /** Whether all was read once; for {@link #look}. */
  boolean isListed() {
    return hosted.isListed() && programs.isListed() && documents.isListed();
  }

  /** What is wrong with etcd, for people; for {@link #look}. */
  List<String> troubles() {
    List<String> troubles = new ArrayList<>();
    for (MirroredEntries<?> each : new MirroredEntries<?>[] {hosted, programs, documents}) {
      if (each.trouble() != null && !troubles.contains(each.trouble())) {
        troubles.add(each.trouble());
      }
    }
    return troubles;
  }

  @Override
  public void close() {
    mirrors.forEach(EtcdMirror::close);
    etcd.close();
    loop.close();
  }
}
