package io.meshagent.core.registry.local;

import io.meshagent.core.api.Instance;
import io.meshagent.core.log.Log;
import io.meshagent.core.registry.BoundedEntries;
import io.meshagent.core.registry.DirectoryLimits;
import io.meshagent.core.registry.format.HostPort;
import io.meshagent.core.registry.format.InstanceCodec;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/**
 * Reads the whole directory: which entries there are and whether their processes live. Confined to
 * the registry's loop but for {@link #skipped}. The content of an entry never changes, so it is
 * read once; that somebody still holds it is asked each time.
 */
final class FolderScan {

  private static final int LARGEST = 64 * 1024;
  private static final long ABANDONED_MILLIS = TimeUnit.SECONDS.toMillis(30);
  private static final long REREAD_NANOS = TimeUnit.SECONDS.toNanos(10);

  /** Services, and of what is no entry the paths of which a line was said. */
  private static final int MOST_NAMES = 10_000;

  private static final int MOST_LINES = 10;

  /** How often a folder is listed in one scan at most. */
  private static final int MOST_LISTS = 3;

  private final Path root;
  private final DirectoryLimits limits;
  private final LongSupplier clock;
  private final Predicate<String> isCalled;
  private final AtomicLong skipped = new AtomicLong();
  private final Set<Path> skippedPaths = new HashSet<>();

  /** What is known of each entry; null values stand for what can't be read as an instance. */
  private Map<Path, Instance> read = new HashMap<>();

  private Set<Path> folders = new HashSet<>();

  /** Entries for which there was no room, and until when they are not read again. */
  private final Set<Path> noRoom = new HashSet<>();

  private long noRoomUntil;
  private Function<HostPort, InetSocketAddress> names = HostPort::resolve;
  private boolean said;

  /** Volatile: written by the loop, read by {@link #leftOut}. */
  private volatile int leftOut;

  /** What the present scan has found. */
  private BoundedEntries entries;

  /** Whether an entry ended between the list of its folder and the look at it. */
  private boolean ended;

  FolderScan(Path root, DirectoryLimits limits, LongSupplier clock, Predicate<String> isCalled) {
    this.root = root;
    this.limits = limits;
    this.clock = clock;
    this.isCalled = isCalled;
    this.noRoomUntil = clock.getAsLong();
  }

  /** How many entries there is no room for. Any thread. */
  int leftOut() {
    return leftOut;
  }

  long skipped() {
    return skipped.get();
  }

  /** The service directories that the last scan found. */
  Set<Path> folders() {
    return folders;
  }

  /** All instances by service. */
  Map<String, List<Instance>> run() throws IOException {
    Map<Path, Instance> seen = new HashMap<>();
    Set<Path> found = new HashSet<>();
    entries = new BoundedEntries(limits, isCalled);
    if (clock.getAsLong() - noRoomUntil >= 0) {
      noRoom.clear();
      noRoomUntil = clock.getAsLong() + REREAD_NANOS;
    }
    for (Path child : firstByName(root, MOST_NAMES)) {
      String service = FileNames.decode(child.getFileName().toString());
      if (service == null || !Files.isDirectory(child, LinkOption.NOFOLLOW_LINKS)) {
        skip(child);
        continue;
      }
      found.add(child);
      service(service, child, seen);
    }
    read = seen;
    folders = found;
    skippedPaths.removeIf(path -> !Files.exists(path, LinkOption.NOFOLLOW_LINKS));
    tellLeftOut();
    Map<String, List<Instance>> services = new TreeMap<>();
    entries.services().forEach(name -> services.put(name, entries.instances(name)));
    entries = null;
    return services;
  }

  /** The system names them in any order; which are left out of too many must not change. */
  private static Collection<Path> firstByName(Path folder, int most) throws IOException {
    TreeSet<Path> first = new TreeSet<>();
    try (DirectoryStream<Path> children = Files.newDirectoryStream(folder)) {
      for (Path child : children) {
        first.add(child);
        if (first.size() > most) {
          first.pollLast();
        }
      }
    }
    return first;
  }

  private static Collection<Path> files(Path folder, int most) throws IOException {
    try {
      return firstByName(folder, most);
    } catch (NoSuchFileException e) {
      // Removed while we looked: there is nothing in it.
      return new TreeSet<>();
    }
  }

  private void service(String service, Path folder, Map<Path, Instance> seen) throws IOException {
    int lists = 0;
    do {
      // An entry whose facts change is a new file first, and then the old one goes: whoever listed
      // before the one and looked after the other has missed both.
      ended = false;
      list(service, folder, seen);
      lists++;
    } while (ended && lists < MOST_LISTS);
    if (entries.leftOut() > 0) {
      seen.entrySet().removeIf(this::hasNoRoom);
    }
  }

  private void list(String service, Path folder, Map<Path, Instance> seen) throws IOException {
    // Those of dead processes are among them until somebody has looked at them.
    for (Path file : files(folder, 2 * limits.ofService())) {
      if (noRoom.contains(file)) {
        continue;
      }
      Instance instance = seen.size() < limits.inAll() ? entry(file, seen) : null;
      if (instance != null) {
        String place = file.getFileName().toString();
        entries.put(service, place, Collections.singletonList(instance), (name, hostPort) -> {});
      }
    }
  }

  private boolean hasNoRoom(Map.Entry<Path, Instance> seen) {
    Path file = seen.getKey();
    String service = FileNames.decode(file.getParent().getFileName().toString());
    return seen.getValue() != null
        && entries.at(service, file.getFileName().toString()) == null
        && noRoom.add(file);
  }

  private void tellLeftOut() {
    leftOut = noRoom.size();
    if (leftOut == 0) {
      said = false;
    } else if (!said) {
      said = true;
      Log.warn(
          "the local registry "
              + root
              + " holds more entries than are kept, "
              + leftOut
              + " of them are left out and get no calls, which go to the others; there may be "
              + limits);
    }
  }

  private Instance entry(Path file, Map<Path, Instance> seen) {
    String name = file.getFileName().toString();
    if (name.startsWith(EntryFile.UNFINISHED)) {
      removeIfAbandoned(file);
      return null;
    }
    if (!FileNames.isEntry(name)) {
      skip(file);
      return null;
    }
    String own = EntryFile.heldValue(file);
    try {
      Instance instance = own != null ? instance(file, own) : foreign(file);
      seen.put(file, instance);
      return instance;
    } catch (NoSuchFileException e) {
      ended = true;
      return null;
    } catch (IOException e) {
      // It can't be read, so there is nothing to call.
      return null;
    }
  }

  /** Whom to ask for names, where it is not the name service. */
  void askForNames(Function<HostPort, InetSocketAddress> other) {
    names = other;
  }

  private Instance instance(Path file, String value) {
    Instance known = read.get(file);
    if (known != null) {
      return known;
    }
    Instance instance = InstanceCodec.instance(value, names);
    if (instance == null) {
      skip(file);
    }
    return instance;
  }

  private Instance foreign(Path file) throws IOException {
    boolean held;
    Instance instance = null;
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
      held = EntryFile.isHeldElsewhere(channel);
      if (held) {
        instance = read.containsKey(file) ? read.get(file) : instance(file, content(channel));
      }
    }
    if (!held) {
      ended = true;
      boolean unused = Files.deleteIfExists(file);
    }
    return instance;
  }

  private static String content(FileChannel channel) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(channel.size(), LARGEST));
    int got = 0;
    while (got >= 0 && bytes.hasRemaining()) {
      got = channel.read(bytes);
    }
    return new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8);
  }

  /** A process that died between making a file and naming it left this behind. */
  private static void removeIfAbandoned(Path file) {
    try {
      long changed =
          Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
              .lastModifiedTime()
              .toMillis();
      if (System.currentTimeMillis() - changed > ABANDONED_MILLIS) {
        boolean unused = Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      // Finished meanwhile, or removed by somebody else.
    }
  }

  private void skip(Path path) {
    if (skippedPaths.size() < MOST_NAMES
        && skippedPaths.add(path)
        && skipped.incrementAndGet() <= MOST_LINES) {
      Log.warnOnce(
          "skipped " + path,
          path
              + " is not an entry of the local registry; it is left alone, and calls go to others");
    }
  }
}
