package io.meshagent.core.registry.etcd;

import io.meshagent.core.api.Instance;
import io.meshagent.core.api.Instance.Metadata;
import io.meshagent.core.config.EntryFormat;
import io.meshagent.core.config.EntrySource;
import io.meshagent.core.log.Log;
import io.meshagent.core.registry.FeedState;
import io.meshagent.core.registry.Registry;
import io.meshagent.core.registry.etcd.access.EtcdSettings;
import io.meshagent.core.registry.etcd.client.EtcdInTime;
import io.meshagent.core.registry.etcd.client.EtcdOperations;
import io.meshagent.core.registry.etcd.client.EtcdTrouble;
import io.meshagent.core.registry.etcd.client.NamespacedEtcd;
import io.meshagent.core.registry.etcd.client.SignsOfLife;
import io.meshagent.core.registry.etcd.connection.EtcdClient;
import io.meshagent.core.registry.etcd.lease.EtcdRegistration;
import io.meshagent.core.registry.etcd.mirror.MirrorRecord;
import io.meshagent.core.registry.etcd.mirror.MirroredEtcd;
import io.meshagent.core.registry.format.EntryReader;
import io.meshagent.core.registry.format.HostPort;
import io.meshagent.core.run.TaskLoop;
import io.meshagent.core.run.ThreadLoop;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The registry behind etcd: our entries on one thread, everybody's on another, one connection for
 * both. Nothing of etcd's client is touched before one of the two threads needs it. Thread-safe.
 */
public final class EtcdRegistry implements Registry {

  private static final long LEAVE_MILLIS = 2_000;

  private final EtcdSettings settings;
  private final EtcdOperations etcd;
  private final TaskLoop ownLoop = ThreadLoop.named("registration");
  private final TaskLoop feedLoop = ThreadLoop.named("directory");

  /** Blocks for the name service. */
  private final TaskLoop namesLoop = ThreadLoop.named("names");

  private final SignsOfLife signs = new SignsOfLife();
  private final EtcdRegistration registration;

  /** One for each part of etcd that is read, our own prefix first. */
  private final List<EtcdInstances> directories = new ArrayList<>();

  private final MirrorRecord record = new MirrorRecord(feedLoop);
  private final AtomicBoolean closed = new AtomicBoolean();

  /** Null if nobody follows documents, or there are none to follow. Set before the start. */
  private EtcdDocuments documents;

  /** Volatile: written by {@link #start}, read by whoever needs it. */
  private volatile List<EtcdFeed> feeds = Collections.emptyList();

  public EtcdRegistry(EtcdSettings settings) {
    this.settings = settings;
    this.etcd =
        new EtcdInTime(NamespacedEtcd.of(new EtcdClient(settings), settings.namespace()), ownLoop);
    this.registration = new EtcdRegistration(etcd, ownLoop, settings.ttlSeconds(), signs);
    Set<EntrySource> sources = new LinkedHashSet<>();
    sources.add(new EntrySource(EntryFormat.ETCD, settings.prefix(), null));
    sources.addAll(settings.reads());
    for (EntrySource source : sources) {
      HostAddresses hosts = new HostAddresses(HostPort::resolveAll);
      directories.add(new EtcdInstances(new EntryReader(source), hosts, settings.limits()));
    }
    settings.writer().problems().forEach(problem -> Log.warn(problem));
    boolean anyTls = settings.endpoints().stream().anyMatch(each -> each.startsWith("https:"));
    if (settings.tls().isConfigured() && !anyTls) {
      Log.warn(
          "etcd.tls is set, but no endpoint of etcd.endpoints is https, so nothing is encrypted;"
              + " write https://host:port");
    }
  }

  @Override
  public String describe() {
    return "etcd " + String.join(",", settings.endpoints());
  }

  @Override
  public void start(Listener listener) {
    if (listener != null) {
      follow(listener);
    }
    if (documents != null) {
      // Its lists and failures are not the directory's.
      documents.start(mirrored(new MirrorRecord(feedLoop)));
    }
  }

  private MirroredEtcd mirrored(MirrorRecord noted) {
    return new MirroredEtcd(
        etcd, feedLoop, settings.endpoints().size(), settings.ttlSeconds(), noted, signs);
  }

  private void follow(Listener listener) {
    MirroredEtcd mirrored = mirrored(record);
    SourceMerge merge = new SourceMerge(listener);
    EtcdTrouble trouble = new EtcdTrouble();
    List<EtcdFeed> all = new ArrayList<>();
    for (EtcdInstances directory : directories) {
      Listener told = directories.size() == 1 ? listener : merge.source();
      all.add(new EtcdFeed(mirrored, namesLoop, directory, registration, told, trouble));
    }
    feeds = all;
    all.forEach(EtcdFeed::start);
  }

  @Override
  public void documents(DocumentListener told) {
    if (settings.documents() != null) {
      documents = new EtcdDocuments(settings.documents() + "/policies/", told);
    }
  }

  @Override
  public void report(String id, String text) {
    if (settings.documents() != null) {
      registration.report(settings.documents() + "/agents/" + id, text);
    }
  }

  @Override
  public void summary(String id, String text) {
    if (settings.documents() != null) {
      String key = settings.documents() + "/agents/" + id + "/calls";
      if (text == null) {
        registration.withdraw(key);
      } else {
        registration.mention(key, text);
      }
    }
  }

  @Override
  public void connectionFailed(Instance instance) {
    feeds.forEach(feed -> feed.suspect(instance.hostPort()));
  }

  @Override
  public void lookAgain() {
    feeds.forEach(EtcdFeed::lookAgain);
  }

  @Override
  public void register(String service, Instance instance) {
    boolean leaving = "true".equals(instance.metadata().get(Metadata.DRAINING));
    settings
        .writer()
        .entries(service, instance)
        .forEach((key, value) -> registration.register(key, value, leaving));
  }

  @Override
  public void withdraw(String service, Instance instance) {
    settings.writer().entries(service, instance).keySet().forEach(registration::withdraw);
  }

  @Override
  public Status status() {
    // The first feed is of our own prefix, and the one that matters.
    List<EtcdFeed> following = feeds;
    FeedState state = following.isEmpty() ? FeedState.NEW : following.get(0).state();
    long skipped = directories.stream().mapToLong(EtcdInstances::skipped).sum();
    int leftOut = directories.stream().mapToInt(EtcdInstances::leftOut).sum();
    return new Status(registration.status(), record.status(state, skipped, leftOut));
  }

  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    CountDownLatch left = new CountDownLatch(1);
    registration.close(left::countDown);
    feeds.forEach(EtcdFeed::close);
    if (documents != null) {
      documents.close();
    }
    try {
      if (!left.await(LEAVE_MILLIS, TimeUnit.MILLISECONDS)) {
        Log.info("etcd did not answer; this program's entries will end with their lease");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    etcd.close();
    ownLoop.close();
    feedLoop.close();
    namesLoop.close();
  }
}
