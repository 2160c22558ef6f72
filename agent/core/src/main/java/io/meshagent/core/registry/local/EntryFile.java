package io.meshagent.core.registry.local;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * One entry of this JVM: a file that is locked as long as the entry holds. The system gives the
 * lock up when the process ends, however it ends. Confined to the loop of the registry that made
 * it.
 *
 * <p>The file gets its name only when it is written and locked, and no name is used twice, so a
 * file with an entry's name that is not locked is dead for good. On POSIX systems a process loses
 * its lock on a file when it closes <em>any</em> channel to it: therefore nobody in this JVM opens
 * a file that is held here, and what stands in it is looked up in {@link #heldValue}.
 */
final class EntryFile {

  /** Far behind any content: on Windows, what is locked can't be read. */
  static final long LOCKED_BYTE = Long.MAX_VALUE - 1;

  /** How the name of a file begins that is not finished. */
  static final String UNFINISHED = ".new-";

  /** All entries of this JVM, whichever registry made them. */
  private static final Map<Path, String> HELD = new ConcurrentHashMap<>();

  private final Path path;
  private final FileChannel channel;

  private EntryFile(Path path, FileChannel channel) {
    this.path = path;
    this.channel = channel;
  }

  /** What an entry of this JVM says; null if no registry of this JVM holds the file. */
  static String heldValue(Path path) {
    return HELD.get(path);
  }

  /**
   * Writes and locks a new file.
   *
   * @param path absolute, never used before
   */
  static EntryFile create(Path path, String value) throws IOException {
    Path unfinished = path.resolveSibling(UNFINISHED + path.getFileName());
    FileChannel channel = OwnedFolder.createFile(unfinished);
    try {
      FileLock lock = channel.tryLock(LOCKED_BYTE, 1, false);
      if (lock == null) {
        throw new IOException("somebody else has locked " + unfinished);
      }
      ByteBuffer bytes = ByteBuffer.wrap(value.getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        int unused = channel.write(bytes);
      }
      HELD.put(path, value);
      Path unused = Files.move(unfinished, path, StandardCopyOption.ATOMIC_MOVE);
      return new EntryFile(path, channel);
    } catch (IOException | RuntimeException e) {
      HELD.remove(path);
      channel.close();
      boolean unused = Files.deleteIfExists(unfinished);
      throw e;
    }
  }

  /** Whether the file is still there under its name: cleaners of temporary files come by. */
  boolean isThere() {
    return Files.exists(path, LinkOption.NOFOLLOW_LINKS);
  }

  /** Whether this is what the file says. */
  boolean holds(String value) {
    return value.equals(HELD.get(path));
  }

  /** Removes the file, then lets go of it. */
  void remove() {
    try {
      boolean unused = Files.deleteIfExists(path);
    } catch (IOException e) {
      // Whoever looks next finds it unlocked and removes it.
    }
    try {
      channel.close();
    } catch (IOException e) {
      // The lock goes with the process at the latest.
    }
    HELD.remove(path);
  }

  /** Whether some process holds a file; never to be asked of one that this JVM holds. */
  static boolean isHeldElsewhere(FileChannel opened) throws IOException {
    try {
      FileLock probe = opened.tryLock(LOCKED_BYTE, 1, true);
      return probe == null;
    } catch (OverlappingFileLockException e) {
      return true;
    }
  }
}
