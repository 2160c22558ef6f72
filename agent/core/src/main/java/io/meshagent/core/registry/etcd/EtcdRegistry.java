package io.meshagent.core.registry.etcd;

import io.meshagent.core.api.Instance;
import io.meshagent.core.log.Log;
import io.meshagent.core.registry.FeedState;
import io.meshagent.core.registry.FeedStatus;
import io.meshagent.core.registry.InstanceCodec;
import io.meshagent.core.registry.Registry;
import io.meshagent.core.registry.TaskLoop;
import io.meshagent.core.registry.ThreadLoop;
import java.util.OptionalDouble;
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
  private final EtcdRegistration registration;
  private final EtcdDirectory directory;

  private final AtomicBoolean closed = new AtomicBoolean();

  /** Volatile: written by {@link #start}, read by {@link #close} and {@link #status}. */
  private volatile EtcdFeed feed;

  public EtcdRegistry(EtcdSettings settings) {
    this.settings = settings;
    this.etcd = new EtcdClient(settings);
    this.registration = new EtcdRegistration(etcd, ownLoop, settings.ttlSeconds());
    this.directory = new EtcdDirectory(settings.prefix());
  }

  @Override
  public String describe() {
    return "etcd " + String.join(",", settings.endpoints());
  }

  @Override
  public void start(Listener listener) {
    int members = settings.endpoints().size();
    feed =
        new EtcdFeed(etcd, feedLoop, directory, settings.prefix(), members, registration, listener);
    feed.start();
  }

  @Override
  public void register(String service, Instance instance) {
    registration.register(key(service, instance), InstanceCodec.value(instance));
  }

  @Override
  public void withdraw(String service, Instance instance) {
    registration.withdraw(key(service, instance));
  }

  private String key(String service, Instance instance) {
    return InstanceCodec.key(settings.prefix(), service, instance);
  }

  @Override
  public Status status() {
    EtcdFeed following = feed;
    FeedStatus directoryFeed =
        following == null
            ? new FeedStatus(FeedState.NEW, OptionalDouble.empty(), FeedStatus.Counts.NONE)
            : following.status();
    return new Status(registration.status(), directoryFeed);
  }

  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    CountDownLatch left = new CountDownLatch(1);
    registration.close(left::countDown);
    EtcdFeed following = feed;
    if (following != null) {
      following.close();
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
  }
}
