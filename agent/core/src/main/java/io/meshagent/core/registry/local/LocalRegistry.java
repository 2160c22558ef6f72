package io.meshagent.core.registry.local;

import io.meshagent.core.api.Instance;
import io.meshagent.core.log.Log;
import io.meshagent.core.registry.DirectoryLimits;
import io.meshagent.core.registry.FeedState;
import io.meshagent.core.registry.FeedStatus;
import io.meshagent.core.registry.RegistrationState;
import io.meshagent.core.registry.RegistrationStatus;
import io.meshagent.core.registry.Registry;
import io.meshagent.core.registry.ServiceChange;
import io.meshagent.core.registry.format.InstanceCodec;
import io.meshagent.core.run.TaskLoop;
import io.meshagent.core.run.ThreadLoop;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The registry for one machine and one user: a directory with a subdirectory for each service and a
 * file for each instance. Everything happens on one loop; the public methods hand over and return.
 *
 * <p>A process that dies leaves its files behind, unlocked, and no system tells of that: so the
 * directory is scanned four times a second, less often if a scan takes long: a scan of an idle
 * program's is a millisecond of CPU. Files that come and go are mostly seen at once, by {@link
 * ChangeWatch}.
 */
public final class LocalRegistry implements Registry {

  private static final long SCAN_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
  private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(2);

  private static final long LONGEST_SCAN_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  /** Regular scans may cost this part of a processor's time, as one in so many. */
  private static final int SCAN_SHARE = 20;

  private final Path root;
  private final OwnedFolder directory;
  private final FolderScan scan;
  private final TaskLoop loop = ThreadLoop.named("local-registry");
  private final ChangeWatch watch;

  /** What should be there, by service and address. Only the loop touches this and what follows. */
  private final Map<List<String>, Instance> desired = new HashMap<>();

  private final Map<List<String>, EntryFile> written = new HashMap<>();
  private Listener listener;
  private Map<String, List<Instance>> told;
  private boolean usable;
  private boolean warned;
  private boolean closed;
  private TaskLoop.Timer next = TaskLoop.Timer.NONE;

  private final AtomicBoolean closing = new AtomicBoolean();

  /** Whether a look is due at once. */
  private final AtomicBoolean due = new AtomicBoolean();

  /** Volatile: written by the loop, read by whoever asks for a look. */
  private volatile long restUntil = System.nanoTime();

  /** Volatile: written by the loop, read by {@link #status}. */
  private volatile Status status;

  LocalRegistry(Path directory) {
    this(directory, DirectoryLimits.DEFAULT);
  }

  /**
   * @param limits how much of what is there is taken
   */
  public LocalRegistry(Path directory, DirectoryLimits limits) {
    this.root = directory.toAbsolutePath().normalize();
    this.directory = new OwnedFolder(root);
    this.scan = new FolderScan(root, limits, loop::nanoTime, this::isCalled);
    this.watch = new ChangeWatch(root, this::lookSoon);
    this.status = status(RegistrationState.IDLE, FeedState.NEW);
  }

  private boolean isCalled(String service) {
    return listener != null && listener.calls(service);
  }

  /** Where this user's entries are unless the configuration says otherwise. */
  public static Path defaultDirectory() {
    return OwnedFolder.ofUser("");
  }

  @Override
  public String describe() {
    return "local " + root;
  }

  @Override
  public void start(Listener told) {
    loop.execute(
        () -> {
          listener = told;
          watch.start();
          look();
        });
  }

  @Override
  public void lookAgain() {
    loop.execute(
        () -> {
          told = null;
          look();
        });
  }

  @Override
  public void register(String service, Instance instance) {
    loop.execute(
        () -> {
          Instance before = desired.put(id(service, instance), instance);
          if (!instance.equals(before)) {
            lookSoon();
          }
        });
  }

  @Override
  public void withdraw(String service, Instance instance) {
    loop.execute(
        () -> {
          if (desired.remove(id(service, instance)) != null) {
            lookSoon();
          }
        });
  }

  private static List<String> id(String service, Instance instance) {
    return Collections.unmodifiableList(Arrays.asList(service, instance.hostPort()));
  }

  @Override
  public Status status() {
    return status;
  }

  /** At once if nothing happened lately; in a burst, together with what else comes. Any thread. */
  private void lookSoon() {
    if (due.compareAndSet(false, true)) {
      TaskLoop.Timer unused = loop.after(Math.max(0, restUntil - loop.nanoTime()), this::look);
    }
  }

  /** Brings our files to what is desired, reads everybody's, tells of what changed. */
  private void look() {
    if (closed) {
      return;
    }
    next.cancel();
    due.set(false);
    long began = loop.nanoTime();
    long wait = RETRY_NANOS;
    try {
      directory.prepare();
      writeOwn();
      Map<String, List<Instance>> found = scan.run();
      watch.follow(scan.folders());
      tell(found, !usable);
      usable = true;
      long cost = loop.nanoTime() - began;
      restUntil = began + 3 * cost;
      wait = Math.max(SCAN_NANOS, Math.min(cost * SCAN_SHARE, LONGEST_SCAN_NANOS));
    } catch (OwnedFolder.Unusable | IOException | DirectoryIteratorException e) {
      usable = false;
      warn(e);
      if (listener != null) {
        listener.unreachable(e.getMessage());
      }
    } finally {
      // Also after what is not caught here, be it for want of memory.
      next = loop.after(wait, this::look);
    }
    report();
  }

  private void warn(Exception e) {
    if (!warned) {
      warned = true;
      String what = e instanceof OwnedFolder.Unusable ? e.getMessage() : e.toString();
      Log.warn(
          "the local registry does not work: "
              + what
              + "; calls go to the instances known so far, or else where the program's channels"
              + " send them, and nothing is registered until that is put right, or"
              + " registry.local.dir names another directory");
    }
  }

  private void writeOwn() throws IOException {
    for (Map.Entry<List<String>, EntryFile> file : new HashMap<>(written).entrySet()) {
      if (!desired.containsKey(file.getKey()) || !file.getValue().isThere()) {
        drop(file.getKey());
      }
    }
    for (Map.Entry<List<String>, Instance> entry : desired.entrySet()) {
      if (!written.containsKey(entry.getKey()) || !isAsDesired(entry)) {
        write(entry.getKey(), entry.getValue());
      }
    }
  }

  private boolean isAsDesired(Map.Entry<List<String>, Instance> entry) {
    return written.get(entry.getKey()).holds(InstanceCodec.value(entry.getValue()));
  }

  private void write(List<String> id, Instance instance) throws IOException {
    Path folder = root.resolve(FileNames.encode(id.get(0)));
    if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
      OwnedFolder.create(folder);
    }
    long random = ThreadLocalRandom.current().nextLong();
    Path path = folder.resolve(FileNames.forEntry(instance.hostPort(), random));
    EntryFile fresh = EntryFile.create(path, InstanceCodec.value(instance));
    // The old one goes after the new one is there, so that the instance is never away.
    drop(id);
    written.put(id, fresh);
  }

  private void drop(List<String> id) {
    EntryFile file = written.remove(id);
    if (file != null) {
      file.remove();
    }
  }

  private void tell(Map<String, List<Instance>> found, boolean again) {
    if (listener == null) {
      return;
    }
    if (told == null) {
      listener.listed(found);
      told = found;
      return;
    }
    List<ServiceChange> changes = new ArrayList<>();
    Set<String> names = new HashSet<>(told.keySet());
    names.addAll(found.keySet());
    for (String name : names) {
      List<Instance> now = found.getOrDefault(name, Collections.emptyList());
      List<Instance> before = told.getOrDefault(name, Collections.emptyList());
      // What is the same was read once, so that this compares references.
      ServiceChange change = now.equals(before) ? null : ServiceChange.between(name, before, now);
      if (change != null) {
        changes.add(change);
      }
    }
    if (again || !changes.isEmpty()) {
      listener.changed(changes);
    }
    told = found;
  }

  private void report() {
    RegistrationState state;
    if (desired.isEmpty()) {
      state = RegistrationState.IDLE;
    } else {
      boolean all = usable && written.size() == desired.size();
      state = all ? RegistrationState.ALIVE : RegistrationState.PUT;
    }
    status = status(state, usable ? FeedState.WATCH : FeedState.BROKEN);
  }

  /** There is neither lease nor watch here, so there is little to say. */
  private Status status(RegistrationState state, FeedState feed) {
    return new Status(
        new RegistrationStatus(state, desired.size(), written.size()),
        new FeedStatus(
            feed,
            OptionalDouble.empty(),
            new FeedStatus.Counts(0, 0, 0, scan.skipped()).withEntriesLeftOut(scan.leftOut())));
  }

  @Override
  public void close() {
    if (!closing.compareAndSet(false, true)) {
      return;
    }
    CountDownLatch left = new CountDownLatch(1);
    loop.execute(
        () -> {
          closed = true;
          next.cancel();
          new HashSet<>(written.keySet()).forEach(this::drop);
          desired.clear();
          watch.close();
          status = status(RegistrationState.CLOSED, FeedState.CLOSED);
          left.countDown();
        });
    try {
      if (!left.await(2, TimeUnit.SECONDS)) {
        Log.debug("the disk is slow; the local registry's files go with the process");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    loop.close();
  }
}
