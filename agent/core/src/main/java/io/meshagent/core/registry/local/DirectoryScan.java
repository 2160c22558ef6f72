package io.meshagent.core.registry.local;

import io.meshagent.core.api.Instance;
import io.meshagent.core.log.Log;
import io.meshagent.core.registry.InstanceCodec;
import java.io.IOException;
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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Reads the whole directory: which entries there are and whether their processes live. Confined to
 * the registry's loop but for {@link #skipped}. The content of an entry never changes, so it is
 * read once; that somebody still holds it is asked each time.
 */
final class DirectoryScan {

  private static final int LARGEST = 64 * 1024;
  private static final long ABANDONED_MILLIS = TimeUnit.SECONDS.toMillis(30);

  private final Path root;
  private final AtomicLong skipped = new AtomicLong();
  private final Set<Path> skippedPaths = new HashSet<>();

  /** What is known of each entry; null values stand for what can't be read as an instance. */
  private Map<Path, Instance> read = new HashMap<>();

  private Set<Path> folders = new HashSet<>();

  DirectoryScan(Path root) {
    this.root = root;
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
    Map<String, List<Instance>> services = new TreeMap<>();
    Map<Path, Instance> seen = new HashMap<>();
    Set<Path> found = new HashSet<>();
    try (DirectoryStream<Path> children = Files.newDirectoryStream(root)) {
      for (Path child : children) {
        String service = FileNames.decode(child.getFileName().toString());
        if (service == null || !Files.isDirectory(child, LinkOption.NOFOLLOW_LINKS)) {
          skip(child);
          continue;
        }
        found.add(child);
        List<Instance> instances = service(child, seen);
        if (!instances.isEmpty()) {
          services.put(service, instances);
        }
      }
    }
    read = seen;
    folders = found;
    skippedPaths.removeIf(path -> !Files.exists(path, LinkOption.NOFOLLOW_LINKS));
    return services;
  }

  private List<Instance> service(Path folder, Map<Path, Instance> seen) throws IOException {
    List<Instance> instances = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        Instance instance = entry(file, seen);
        if (instance != null) {
          instances.add(instance);
        }
      }
    } catch (NoSuchFileException e) {
      // Removed while we looked: there is nothing in it.
      return instances;
    }
    return instances;
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
    } catch (IOException e) {
      // It went while we looked, or can't be read: either way there is nothing to call.
      return null;
    }
  }

  private Instance instance(Path file, String value) {
    Instance known = read.get(file);
    if (known != null) {
      return known;
    }
    Instance instance = InstanceCodec.instance(value);
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
    if (skippedPaths.add(path)) {
      skipped.incrementAndGet();
      Log.warnOnce(
          "skipped " + path,
          path
              + " is not an entry of the local registry; it is left alone, and calls go to others");
    }
  }
}
