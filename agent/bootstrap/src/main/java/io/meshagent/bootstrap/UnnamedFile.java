package io.meshagent.bootstrap;

import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;

/**
 * A temporary file that has lost its name as soon as it was made: nobody can change it, and it goes
 * with the process, however that ends. Not on Windows, where a file that is open keeps its name,
 * and where nobody can overwrite our jar while it is in use either.
 */
final class UnnamedFile {

  /** A copy that would fill the disk would do more harm than good. */
  private static final long SPACE_TO_LEAVE = 256L << 20;

  private static final int BUFFER = 1 << 16;
  private static final int ATTEMPTS = 10;

  private UnnamedFile() {}

  /**
   * A copy of a part of another file.
   *
   * @return open for reading, or null if there is no place for it
   */
  static RandomAccessFile copyOf(RandomAccessFile from, long start, long length) {
    RandomAccessFile copy = null;
    try {
      copy = create(length);
      if (copy != null) {
        from.seek(start);
        byte[] buffer = new byte[BUFFER];
        for (long left = length; left > 0; ) {
          int n = (int) Math.min(left, BUFFER);
          from.readFully(buffer, 0, n);
          copy.write(buffer, 0, n);
          left -= n;
        }
      }
      return copy;
    } catch (IOException | SecurityException e) {
      close(copy);
      return null;
    }
  }

  private static RandomAccessFile create(long length) throws IOException {
    String directory = System.getProperty("java.io.tmpdir");
    if (directory == null || File.separatorChar == '\\') {
      return null;
    }
    File place = new File(directory);
    if (place.getUsableSpace() < length + SPACE_TO_LEAVE) {
      return null;
    }
    for (int i = 0; i < ATTEMPTS; i++) {
      // Not File.createTempFile: its random numbers cost more than the whole copy.
      File file = new File(place, "mesh-agent-" + Long.toHexString(System.nanoTime()) + ".tmp");
      if (file.createNewFile()) {
        try {
          return new RandomAccessFile(file, "rw");
        } finally {
          if (!file.delete()) {
            file.deleteOnExit();
          }
        }
      }
    }
    return null;
  }

  private static void close(RandomAccessFile file) {
    try {
      if (file != null) {
        file.close();
      }
    } catch (IOException e) {
      // It has no name: nothing is left of it.
      return;
    }
  }
}
