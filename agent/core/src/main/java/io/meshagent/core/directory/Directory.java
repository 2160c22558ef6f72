package io.meshagent.core.directory;

import io.meshagent.core.api.Endpoint;
import io.meshagent.core.api.Endpoints;
import io.meshagent.core.api.Instance;
import io.meshagent.core.api.Service;
import io.meshagent.core.config.AddressRanges;
import io.meshagent.core.config.Drains;
import io.meshagent.core.log.Log;
import io.meshagent.core.registry.Registry;
import io.meshagent.core.registry.ServiceChange;
import io.meshagent.core.run.TaskLoop;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
 * <p>Once known, an instance is not dropped because a registry in trouble forgot it: {@link Intake}
 * says when it is.
 */
public final class Directory implements Registry.Listener {

  private final TaskLoop loop;
  private final SourceHealth health;
  private final KnownInstances known = new KnownInstances();
  private final Intake intake;
  private final AllowedAddresses allowed;
  private final FirstWait firstWait;
  private final long firstWaitNanos;
  private final SecondLooks looks;
  private final DirectoryView view;

  /** Null where nothing is kept on disk. */
  private final DiskSnapshot disk;

  /** Guards the creation of handles and every change of what is known; calls need no lock. */
  private final Object lock = new Object();

  private final ServiceHandles handles;
  private final HeldNews news = new HeldNews();

  /** Volatile: written by the engine's thread, read by any. */
  private volatile Consumer<Instance> namesBy = instance -> {};

  /** Where any usual address may be called, and calls come at once. */
  public Directory(
      long firstWaitNanos, long holdNanos, TaskLoop loop, long jvm, DiskSnapshot disk) {
    this(firstWaitNanos, holdNanos, loop, jvm, disk, AddressRanges.USUAL);
    beginToWait();
  }

  /**
   * @param firstWaitNanos how long calls may wait for the first list, from {@link #beginToWait} on
   * @param holdNanos how long a living program needs at most to register again
   * @param loop for whatever has its time
   * @param jvm any number that other JVMs do not have
   * @param disk null to keep nothing
   * @param allowed where calls may go
   */
  public Directory(
      long firstWaitNanos,
      long holdNanos,
      TaskLoop loop,
      long jvm,
      DiskSnapshot disk,
      AddressRanges allowed) {
    this.allowed = new AllowedAddresses(allowed);
    this.loop = loop;
    this.health = new SourceHealth(loop::nanoTime, holdNanos);
    this.intake = new Intake(known, loop::nanoTime, holdNanos, health);
    this.disk = disk;
    this.handles = new ServiceHandles(lock, loop, this::endpoints);
    this.looks = new SecondLooks(lock, loop, holdNanos, intake, health, turn(jvm));
    this.firstWait = new FirstWait(lock, loop, disk, this::fromDisk, () -> update(handles.names()));
    this.view = new DirectoryView(lock, known, this.allowed, health, firstWait);
    this.firstWaitNanos = firstWaitNanos;
  }

  /** Calls may come from now on. Called once, before the registry is started. */
  public void beginToWait() {
    TaskLoop.Timer unused = loop.after(firstWaitNanos, firstWait::goOnWithout);
  }

  /** No registry will write it, and nobody has to wait. Called once, in place of the above. */
  public void nobodyAsks() {
    firstWait.goOnWithout();
  }

  /** From 0 to 1, another for each JVM: for what all would else do at the same moment. */
  private static double turn(long jvm) {
    return ((jvm * 0x9e3779b97f4a7c15L) >>> 11) / (double) (1L << 53);
  }

  /** How to have the registry list everything afresh. Set before the registry is started. */
  public void looksAgainBy(Runnable registry) {
    synchronized (lock) {
      looks.by(registry);
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
    return handles.find(name, known.has(name));
  }

  /** Called under the lock. */
  private Endpoints endpoints(String name) {
    List<Endpoint> endpoints = known.endpoints(name);
    if (endpoints != null) {
      return Endpoints.of(endpoints);
    }
    return firstWait.isOver() ? Endpoints.ABSENT : Endpoints.UNKNOWN;
  }

  @Override
  public void listed(Map<String, List<Instance>> services) {
    synchronized (lock) {
      heard();
      boolean first = firstWait.listed();
      view.countUpdate();
      Set<String> changed = intake.list(allowed.ofAll(services));
      update(first ? handles.names() : changed);
      save(first || !changed.isEmpty());
    }
  }

  @Override
  public void changed(List<ServiceChange> changes) {
    synchronized (lock) {
      heard();
      view.countUpdate();
      take(changes);
    }
  }

  @Override
  public void moved(List<ServiceChange> changes) {
    synchronized (lock) {
      // Where one of several sources never lists, what the others have is told by changes.
      if (view.updates() > 0) {
        view.countUpdate();
        take(changes);
      }
    }
  }

  private void take(List<ServiceChange> changes) {
    Set<String> changed = intake.change(allowed.of(changes));
    update(changed);
    save(!changed.isEmpty());
  }

  private void heard() {
    view.trouble(null);
    health.heard();
  }

  @Override
  public boolean calls(String service) {
    return handles.has(service);
  }

  @Override
  public void unreachable(String why) {
    synchronized (lock) {
      view.trouble(why);
      health.troubled();
      looks.plan();
    }
    firstWait.goOnWithout();
  }

  /** With the lock held: the registry has not answered, and this is what was known before. */
  private void fromDisk(SnapshotFile.Content content) {
    update(intake.fromDisk(allowed.ofAll(content.services())));
    Log.warn(
        "the registry has not answered yet; calls go by the directory from disk, written "
            + content.written()
            + ", until it does (services: "
            + view.services()
            + ", entries: "
            + view.instances()
            + ")");
  }

  /** Waits until calls need not: there was a list, or there will be none soon. */
  public void awaitSettled(long nanos) throws InterruptedException {
    firstWait.await(nanos);
  }

  /**
   * A connection to an instance fails, or does so no longer. Any thread; hands over and returns.
   */
  public void refuses(Instance instance, boolean refuses) {
    loop.execute(
        () -> {
          synchronized (lock) {
            Set<String> affected = intake.refuses(instance.hostPort(), refuses);
            if (!affected.isEmpty()) {
              update(affected);
              save(true);
            }
          }
        });
  }

  /** These instances are drained from now on. Any thread that may wait for the lock. */
  public void drain(Drains drains) {
    synchronized (lock) {
      handles.update(known.drain(drains));
    }
  }

  private void update(Collection<String> names) {
    handles.update(names);
    if (known.takeAppeared()) {
      handles.appeared();
    }
    news.tell(known.held(), known.size());
    looks.plan();
  }

  private void save(boolean changed) {
    if (disk != null && firstWait.isListed()) {
      disk.save(changed, this::worthKeeping);
    }
  }

  /** Null while the source is in trouble: what it last said was better than what is known now. */
  private Map<String, List<Instance>> worthKeeping() {
    return health.isHealthy() ? view.snapshot() : null;
  }

  /** Lets go of its threads; what is known stays as it is. */
  public void close() {
    loop.close();
    if (disk != null) {
      disk.close();
    }
  }

  /** How it stands, at each look. */
  public DirectoryView view() {
    return view;
  }
}
