package io.meshagent.core.directory;

import io.meshagent.core.api.Instance;
import io.meshagent.core.registry.BoundedEntries;
import io.meshagent.core.registry.DirectoryLimits;
import io.meshagent.core.registry.format.HostPort;
import io.meshagent.core.registry.format.InstanceCodec;
import io.meshagent.core.registry.local.OwnedFolder;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.Reader;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;

/**
 * The directory as one file of text: a few lines that say what it is, then a line for each entry,
 * with the service and the value as it stands in the registry. Blocks for the disk, and for the
 * name service when entries with host names are read. Confined to the snapshot's loop.
 *
 * <p>Whoever can write the file can send our calls anywhere: so it is read and written only in a
 * directory that belongs to this user alone, and no link is followed.
 */
final class SnapshotFile {

  static final long LARGEST = 64 * 1024 * 1024;

  /** A value and the name of its service, each character of which may be written as six. */
  private static final int LONGEST_LINE = 2 * InstanceCodec.LONGEST_VALUE;

  /** A character may be written as a backslash, a letter and four digits. */
  private static final int MOST_FOR_CHARACTER = 6;

  /** More than the quotes and signs around a fact, and around all of them. */
  private static final int LONGEST_AROUND_FACT = 8;

  private static final int LONGEST_AROUND_FACTS = 100;

  private static final String TITLE = "mesh-agent directory 1";
  private static final String SOURCE = "source ";
  private static final String WRITTEN = "written ";
  private static final String ENTRIES = "entries ";
  private static final String UNFINISHED = ".new-";
  private static final long ABANDONED_MILLIS = 60_000;

  private final Path path;
  private final OwnedFolder directory;
  private final String source;
  private final DirectoryLimits limits;
  private final Function<HostPort, InetSocketAddress> names;

  /**
   * @param source whose directory it is; a file of another source is not taken
   */
  SnapshotFile(Path directory, String source, DirectoryLimits limits) {
    this(directory, source, limits, HostPort::resolve);
  }

  /**
   * The same.
   *
   * @param names asks the name service
   */
  SnapshotFile(
      Path directory,
      String source,
      DirectoryLimits limits,
      Function<HostPort, InetSocketAddress> names) {
    this.limits = limits;
    this.names = names;
    Path folder = directory.toAbsolutePath().normalize();
    UUID hash = UUID.nameUUIDFromBytes(source.getBytes(StandardCharsets.UTF_8));
    this.path = folder.resolve("directory-" + hash);
    this.directory = new OwnedFolder(folder);
    this.source = source;
  }

  /** The file can't be used; the message is a part of a sentence for people. */
  static final class Unusable extends Exception {
    private static final long serialVersionUID = 1;

    Unusable(String message) {
      super(message);
    }
  }

  /** What stood in the file. */
  static final class Content {
    private final Instant written;
    private final Map<String, List<Instance>> services;

    Content(Instant written, Map<String, List<Instance>> services) {
      this.written = written;
      this.services = services;
    }

    Instant written() {
      return written;
    }

    Map<String, List<Instance>> services() {
      return services;
    }
  }

  Path path() {
    return path;
  }

  /**
   * An entry may become longer than it was, and one that can't be read would spoil the file. Its
   * value is made for that only where it could be so long.
   */
  private static boolean isReadable(Instance instance) {
    int characters = instance.hostPort().length();
    for (Map.Entry<String, String> fact : instance.metadata().entrySet()) {
      characters += fact.getKey().length() + fact.getValue().length() + LONGEST_AROUND_FACT;
    }
    return MOST_FOR_CHARACTER * (long) characters + LONGEST_AROUND_FACTS
            <= InstanceCodec.LONGEST_VALUE
        || InstanceCodec.value(instance).length() <= InstanceCodec.LONGEST_VALUE;
  }

  /** Replaces the file as a whole, or leaves the one that there is. */
  void write(Map<String, List<Instance>> services, Instant now) throws IOException, Unusable {
    prepare();
    removeAbandoned(now);
    Path unfinished = path.resolveSibling(UNFINISHED + UUID.randomUUID());
    try {
      try (BufferedWriter out =
          new BufferedWriter(
              new OutputStreamWriter(
                  Channels.newOutputStream(OwnedFolder.createFile(unfinished)),
                  StandardCharsets.UTF_8))) {
        int count = 0;
        for (List<Instance> some : services.values()) {
          for (Instance instance : some) {
            count += isReadable(instance) ? 1 : 0;
          }
        }
        out.write(TITLE + "\n" + SOURCE + source + "\n");
        out.write(WRITTEN + now + "\n" + ENTRIES + count + "\n");
        for (Map.Entry<String, List<Instance>> service : services.entrySet()) {
          // Service names come from anybody's keys: what is not plain must not break the lines.
          String name = URLEncoder.encode(service.getKey(), "UTF-8");
          for (Instance instance : service.getValue()) {
            if (isReadable(instance)) {
              out.write(name + " " + InstanceCodec.value(instance) + "\n");
            }
          }
        }
      }
      Path unused = Files.move(unfinished, path, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      boolean unused = Files.deleteIfExists(unfinished);
    }
  }

  private void prepare() throws Unusable {
    try {
      directory.prepare();
    } catch (OwnedFolder.Unusable e) {
      throw new Unusable(e.getMessage());
    }
  }

  /** Programs that were killed while they wrote leave these behind. */
  private void removeAbandoned(Instant now) throws IOException {
    try (DirectoryStream<Path> files =
        Files.newDirectoryStream(path.getParent(), UNFINISHED + "*")) {
      for (Path file : files) {
        FileTime changed =
            Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                .lastModifiedTime();
        if (now.toEpochMilli() - changed.toMillis() > ABANDONED_MILLIS) {
          boolean unused = Files.deleteIfExists(file);
        }
      }
    } catch (NoSuchFileException e) {
      // Another program was quicker.
    }
  }

  /** Null if there is no file. */
  Content read() throws IOException, Unusable {
    if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      return null;
    }
    prepare();
    try (FileChannel channel =
            FileChannel.open(path, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
        Reader text =
            new BufferedReader(
                new InputStreamReader(Channels.newInputStream(channel), StandardCharsets.UTF_8))) {
      if (channel.size() > LARGEST) {
        throw new Unusable("it is larger than " + LARGEST + " bytes");
      }
      return read(text);
    }
  }

  private Content read(Reader text) throws IOException, Unusable {
    BoundedLines lines = new BoundedLines(text, LONGEST_LINE);
    if (!TITLE.equals(lines.next())) {
      throw new Unusable("it is not a directory that this version of mesh-agent wrote");
    }
    if (!source.equals(after(SOURCE, lines.next()))) {
      throw new Unusable("it is the directory of another registry");
    }
    try {
      Instant written = Instant.parse(after(WRITTEN, lines.next()));
      int count = Integer.parseInt(after(ENTRIES, lines.next()));
      BoundedEntries entries = new BoundedEntries(limits, service -> false);
      int found = 0;
      for (String line = lines.next(); line != null; line = lines.next()) {
        int space = line.indexOf(' ');
        Instance instance = space < 1 ? null : instance(line.substring(space + 1));
        if (instance == null) {
          throw new Unusable("it is damaged in the line of entry " + (found + 1));
        }
        String service = URLDecoder.decode(line.substring(0, space), "UTF-8");
        List<Instance> one = Collections.singletonList(instance);
        entries.put(service, instance.hostPort(), one, (name, hostPort) -> {});
        found++;
      }
      if (found != count) {
        throw new Unusable("it is damaged: it holds " + found + " entries and not " + count);
      }
      Map<String, List<Instance>> services = new TreeMap<>();
      entries.services().forEach(name -> services.put(name, entries.instances(name)));
      return new Content(written, services);
    } catch (DateTimeParseException | IllegalArgumentException e) {
      throw new Unusable("it is damaged (" + e.getMessage() + ")");
    }
  }

  private Instance instance(String value) {
    return InstanceCodec.instance(value, names);
  }

  private static String after(String prefix, String line) throws Unusable {
    if (line == null || !line.startsWith(prefix)) {
      throw new Unusable("it is damaged: there is no '" + prefix.trim() + "' where it should be");
    }
    return line.substring(prefix.length());
  }
}
