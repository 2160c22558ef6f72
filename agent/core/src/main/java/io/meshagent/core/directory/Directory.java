package io.meshagent.core.directory;

import io.meshagent.core.api.Endpoints;
import io.meshagent.core.api.Instance;
import io.meshagent.core.api.Service;
import io.meshagent.core.config.AddressRanges;
import io.meshagent.core.log.Log;
import io.meshagent.core.registry.Registry;
import io.meshagent.core.route.EndpointSelection;
import io.meshagent.core.run.TaskLoop;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * What is known of who hosts what. The registry writes it, on its own thread; the adapters read it
 * from any thread through the {@link Service} of a name, without a lock.
 *
 * <p>Until the first list there is nothing to say, and calls wait. That ends when the registry says
 * that its source can't be reached, or when the first wait is over. Then the last directory on disk
 * is taken, if there is one; what it does not name is nowhere until a list says otherwise, so that
 * a program without its registry works as it would without us.
 *
 * <p>Once known, an instance is not dropped because a registry in trouble forgot it: {@link
 * Entries} says when it is.
 */
public final class Directory implements Registry.Listener {

  /** How long calls may wait for the disk, once it is known that the registry is away. */
  private static final long DISK_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final EndpointSelection selection;
  private final TaskLoop loop;
  private final SourceHealth health;
  private final Entries entries;
  private final AllowedAddresses allowed;
  private final long holdNanos;

  /** Null where nothing is kept on disk. */
  private final DiskSnapshot disk;

  /** Guards the creation of handles and every change of what follows; reads need no lock. */
  private final Object lock = new Object();

  private final ServiceHandles handles;
  private final HeldNews news = new HeldNews();
  private final CountDownLatch settled = new CountDownLatch(1);

  private Runnable lookAgain = () -> {};

  /** Volatile: written by the engine's thread, read by any. */
  private volatile Consumer<Instance> namesBy = instance -> {};

  private TaskLoop.Timer look = TaskLoop.Timer.NONE;
  private long lookedAt;
  private boolean diskAsked;

  /** Volatile: written under the lock, read by views. */
  private volatile boolean listed;

  /** Volatile: written under the lock, read by views. When what is on disk was written. */
  private volatile Instant fromDisk;

  /** Volatile: written under the lock, read by views. */
  private volatile boolean waiting = true;

  /** How often the registry told of a list or of changes. Volatile: as those above. */
  private volatile long updates;

  /** Volatile: written by the registry's thread, read by views. Null while all is well. */
  private volatile String trouble;

  /** Where any usual address may be called. */
  public Directory(
      long firstWaitNanos,
      long holdNanos,
      TaskLoop loop,
      EndpointSelection selection,
      DiskSnapshot disk) {
    this(firstWaitNanos, holdNanos, loop, selection, disk, AddressRanges.USUAL);
  }

  /**
   * @param firstWaitNanos how long, from now, calls may wait for the first list
   * @param holdNanos how long a living program needs at most to register again
   * @param loop for whatever has its time
   * @param selection which of many instances this JVM uses
   * @param disk null to keep nothing
   * @param allowed where calls may go
   */
  public Directory(
      long firstWaitNanos,
      long holdNanos,
      TaskLoop loop,
      EndpointSelection selection,
      DiskSnapshot disk,
      AddressRanges allowed) {
    this.allowed = new AllowedAddresses(allowed);
    this.selection = selection;
    this.loop = loop;
    this.holdNanos = holdNanos;
    this.health = new SourceHealth(loop::nanoTime, holdNanos);
    this.entries = new Entries(selection, loop::nanoTime, holdNanos, health);
    this.disk = disk;
    this.handles = new ServiceHandles(lock, loop, this::endpoints);
    this.lookedAt = loop.nanoTime() - holdNanos;
    TaskLoop.Timer unused = loop.after(firstWaitNanos, this::goOnWithout);
  }

  /** How to have the registry list everything afresh. Set before the registry is started. */
  public void looksAgainBy(Runnable registry) {
    synchronized (lock) {
      lookAgain = registry;
    }
  }

  /** Who asks again where a name is. Set before the registry is started. */
  public void looksForNamesBy(Consumer<Instance> registry) {
    namesBy = registry;
  }

  /** A connection to an instance failed or was lost. Any thread; hands over and returns. */
  public void connectionFailed(Instance instance) {
    namesBy.accept(instance);
  }

  /** Its handle; the same one until all who asked {@linkplain #letGo let go}. Takes no I/O. */
  public Service service(String name) {
    return handles.hold(name);
  }

  /** Whoever asked for the service needs it no longer. Any thread. */
  public void letGo(Service service) {
    handles.letGo(service);
  }

  /**
   * The handle of a service that has instances or is asked for; else that of all which are nowhere:
   * it knows only whether the directory can tell yet. Any thread; leaves nothing behind.
   */
  public Service find(String name) {
    return handles.find(name, entries.all().containsKey(name));
  }

  /** Called under the lock. */
  private Endpoints endpoints(String name) {
    List<Instance> instances = entries.instances(name);
    if (instances != null) {
      return Endpoints.of(selection.select(instances));
    }
    return listed || !waiting ? Endpoints.ABSENT : Endpoints.UNKNOWN;
  }

  @Override
  public void listed(Map<String, List<Instance>> services) {
    synchronized (lock) {
      heard();
      boolean first = !listed;
      listed = true;
      settled.countDown();
      updates = updates + 1;
      Set<String> changed = entries.take(allowed.of(services, true), true);
      update(first ? handles.names() : changed);
      save(first || !changed.isEmpty());
    }
  }

  @Override
  public void changed(Map<String, List<Instance>> services) {
    synchronized (lock) {
      heard();
      updates = updates + 1;
      takeSome(services);
    }
  }

  @Override
  public void moved(Map<String, List<Instance>> services) {
    synchronized (lock) {
      // Where one of several sources never lists, what the others have is told by changes.
      if (updates > 0) {
        updates = updates + 1;
        takeSome(services);
      }
    }
  }

  /**
   * With the lock held: these have all the instances that are named, and others stay as they are.
   */
  private void takeSome(Map<String, List<Instance>> services) {
    Set<String> changed = entries.take(allowed.of(services, false), false);
    update(changed);
    save(!changed.isEmpty());
  }

  private void heard() {
    trouble = null;
    health.heard();
  }

  @Override
  public boolean calls(String service) {
    return handles.has(service);
  }

  @Override
  public void unreachable(String why) {
    synchronized (lock) {
      trouble = why;
      health.troubled();
      planLook();
    }
    goOnWithout();
  }

  /** The registry has not said anything in time: the disk has to do, or the channels' targets. */
  private void goOnWithout() {
    synchronized (lock) {
      if (listed || diskAsked) {
        return;
      }
      diskAsked = true;
    }
    if (disk == null) {
      stopWaiting();
    } else {
      disk.read(this::fromDisk);
      TaskLoop.Timer unused = loop.after(DISK_NANOS, this::stopWaiting);
    }
  }

  private void fromDisk(SnapshotFile.Content content) {
    synchronized (lock) {
      if (content != null && !listed) {
        fromDisk = content.written();
        Map<String, List<Instance>> services = allowed.of(content.services(), true);
        entries.fromDisk(services);
        update(services.keySet());
        Log.warn(
            "the registry has not answered yet; calls go by the directory from disk, written "
                + content.written()
                + ", until it does (services: "
                + services()
                + ", entries: "
                + instances()
                + ")");
      }
    }
    stopWaiting();
  }

  private void stopWaiting() {
    synchronized (lock) {
      if (waiting) {
        waiting = false;
        update(handles.names());
        settled.countDown();
      }
    }
  }

  /** Waits until calls need not: there was a list, or there will be none soon. */
  public void awaitSettled(long nanos) throws InterruptedException {
    boolean unused = settled.await(nanos, TimeUnit.NANOSECONDS);
  }

  /**
   * A connection to an instance fails, or does so no longer. Any thread; hands over and returns.
   */
  public void refuses(Instance instance, boolean refuses) {
    loop.execute(
        () -> {
          synchronized (lock) {
            Set<String> affected = entries.refuses(instance.hostPort(), refuses);
            if (!affected.isEmpty()) {
              update(affected);
              save(true);
            }
          }
        });
  }

  private void update(Collection<String> names) {
    handles.update(names);
    news.tell(entries.held(), instances());
    planLook();
  }

  private void save(boolean changed) {
    if (disk != null && listed) {
      disk.save(changed, this::worthKeeping);
    }
  }

  /** Null while the source is in trouble: what it last said was better than what is known now. */
  private Map<String, List<Instance>> worthKeeping() {
    return health.isHealthy() ? snapshot() : null;
  }

  /** Sees to it that a removal that waits is looked at again when its time has come. */
  private void planLook() {
    look.cancel();
    OptionalLong due = entries.nextDueIn();
    if (due.isPresent() && health.isHealthy()) {
      // Spread, because whatever happened to the registry happened to all its clients.
      long turn = (long) (selection.turn() * holdNanos / 4);
      long rest = lookedAt + holdNanos / 2 - loop.nanoTime();
      look = loop.after(Math.max(due.getAsLong() + turn, rest), this::lookAgain);
    }
  }

  private void lookAgain() {
    Runnable registry;
    synchronized (lock) {
      registry = lookAgain;
      lookedAt = loop.nanoTime();
      planLook();
    }
    registry.run();
  }

  /** Lets go of its threads; what is known stays as it is. */
  public void close() {
    loop.close();
    if (disk != null) {
      disk.close();
    }
  }

  /** Whether a list has ever arrived. */
  public boolean isListed() {
    return listed;
  }

  /** When the directory on disk that calls go by was written; null if they do not. */
  public Instant writtenToDisk() {
    return listed ? null : fromDisk;
  }

  /** Why the source can't be reached just now, or null: what is known stays valid meanwhile. */
  public String trouble() {
    return trouble;
  }

  /** Whether the source answers. */
  public boolean isHealthy() {
    return health.isHealthy();
  }

  /** How often the registry told of a list or, of several at once, of changes. */
  public long updates() {
    return updates;
  }

  /** How many services have an instance. */
  public int services() {
    return entries.all().size();
  }

  /** How many entries there are; an instance that hosts two services counts twice. */
  public int instances() {
    int count = 0;
    for (Map<String, Entry> some : entries.all().values()) {
      count += some.size();
    }
    return count;
  }

  /** How many entries of the registry are not among them, for nothing may be called there. */
  public int forbidden() {
    return allowed.forbidden();
  }

  /** How many of them the registry no longer names. */
  public int held() {
    return entries.held();
  }

  /** How many of them come from the disk. */
  public int stale() {
    return entries.stale();
  }

  /** All instances by service, both sorted: also those that get no calls. */
  public Map<String, List<Instance>> snapshot() {
    Map<String, List<Instance>> all = new TreeMap<>();
    for (String name : entries.all().keySet()) {
      List<Instance> instances = entries.instances(name);
      if (instances != null) {
        all.put(name, instances);
      }
    }
    return all;
  }

  /** The same with how each entry stands, for people. */
  public Map<String, Map<String, Entry>> entries() {
    return new TreeMap<>(entries.all());
  }
}
